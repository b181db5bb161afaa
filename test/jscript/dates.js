// Dates, in the time zone UTC.
//==== as text
var d = new Date(2009, 10, 3, 11, 22, 33);
Echo("" + d); // expect: Tue Nov 3 11:22:33 UTC 2009
Echo(d.toString(), d.toDateString(), d.toTimeString()); // expect: Tue Nov 3 11:22:33 UTC 2009 Tue Nov 3 2009 11:22:33 UTC
Echo(d.toUTCString(), d.toGMTString()); // expect: Tue, 3 Nov 2009 11:22:33 UTC Tue, 3 Nov 2009 11:22:33 UTC
Echo(d.toLocaleString()); // expect: Tuesday, November 03, 2009 11:22:33 AM
Echo(d.toLocaleDateString(), d.toLocaleTimeString()); // expect: Tuesday, November 03, 2009 11:22:33 AM
Echo("" + new Date(NaN), isNaN(new Date("nonsense"))); // expect: NaN True
Echo(typeof Date(), Date().indexOf("UTC") > 0); // expect: string True
Echo(new Date(2000, 0, 1, 0, 5).toLocaleTimeString(), new Date(2000, 0, 1, 12, 5).toLocaleTimeString()); // expect: 12:05:00 AM 12:05:00 PM
//==== getYear
Echo(new Date(1999, 1, 1).getYear(), new Date(2009, 1, 1).getYear(), new Date(1850, 1, 1).getYear()); // expect: 99 2009 1850
var y = new Date(2009, 0, 1); y.setYear(98); Echo(y.getFullYear()); y.setYear(2015); Echo(y.getFullYear()); // expect: 1998 | 2015
//==== arithmetic and parts
var a = new Date(2020, 1, 28), b = new Date(2020, 2, 1);
Echo((b - a) / 86400000, a < b, a.getTime() == b.getTime()); // expect: 2 True False
a.setDate(a.getDate() + 2); Echo(a.getMonth(), a.getDate(), a.getDay()); // expect: 2 1 0
Echo(new Date(0).getTime(), Date.UTC(1970, 0, 2), new Date(2020, 0, 1, 5).getHours()); // expect: 0 86400000 5
Echo(a.getTimezoneOffset(), new Date(a).getTime() == a.getTime()); // expect: 0 True
//==== text as date
Echo(Date.parse("Tue Nov 3 11:22:33 UTC 2009") == new Date(2009, 10, 3, 11, 22, 33).getTime()); // expect: True
Echo(new Date("11/3/2009").getMonth(), new Date("November 3, 2009 13:45").getHours()); // expect: 10 13
Echo(Date.parse("Tue, 3 Nov 2009 11:22:33 UTC") == Date.UTC(2009, 10, 3, 11, 22, 33)); // expect: True
Echo(new Date("" + new Date(2011, 5, 6, 7, 8, 9)).getSeconds()); // expect: 9
//==== getVarDate and dates of hosts
var v = new Date(2009, 10, 3, 11, 22, 33).getVarDate();
Echo(v, typeof v); // expect: 11/3/2009 11:22:33 AM date
Echo("" + v, new Date(v).getFullYear(), v - new Date(v)); // expect: Tue Nov 3 11:22:33 UTC 2009 2009 0
TestObject.Held = v; Echo(typeof TestObject.Held, new Date(TestObject.Held).getMinutes()); // expect: date 22
Echo(Probe(8, v), Probe(10, v)); // expect: VT 7 40120.4739930556
Echo(new Date(2009, 10, 3).getVarDate(), new Date(1899, 11, 30, 14, 5).getVarDate()); // expect: 11/3/2009 2:05:00 PM
try { Date.prototype.getVarDate.call(5); } catch (e) { Echo(e.number & 0xffff); } // expect: 5006
//==== a Date of the script is an object to hosts
Echo(new Date(2009, 10, 3, 11, 22, 33)); // expect: Tue Nov 3 11:22:33 UTC 2009
//==== numbers as hosts write them
Echo(0.1 + 0.2, 1 / 3, 1e15, 123456789012345, 1e-5, 100, -2.5); // expect: 0.3 0.333333333333333 1E+15 123456789012345 1E-05 100 -2.5
Echo(2 / 3, 1e300, 1.5e-10, 0, 1e14); // expect: 0.666666666666667 1E+300 1.5E-10 0 100000000000000
Echo(0 / 0, 1 / 0, -1 / 0); // expect: -1.#IND 1.#INF -1.#INF
