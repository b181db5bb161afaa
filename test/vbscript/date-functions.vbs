' Dates: §2.7. The clock of these programs stands at 2 January 2003, 16:05:06.
'==== [2.7-serial] day 0 and days before it
Echo CDbl(#12/30/1899#), CDbl(#12/31/1899#), CDbl(#12/29/1899 6:00:00 AM#), CDbl(#6:00:00 AM#), CDate(-1.75) ' expect: 0 1 -1.25 0.25 12/29/1899 6:00:00 PM
'==== [function-Now] Now
Echo Now, TypeName(Now) ' expect: 1/2/2003 4:05:06 PM Date
'==== [function-Date] Date
Echo Date, Date() ' expect: 1/2/2003 1/2/2003
'==== [function-Time] Time
Echo Time ' expect: 4:05:06 PM
'==== [function-Timer] Timer
Echo Timer, TypeName(Timer) ' expect: 57906 Single
'==== [function-Year] Year
Echo Year(#1/2/2003#), Year("5/6/1999"), IsNull(Year(Null)), TypeName(Year(Now)) ' expect: 2003 1999 True Integer
'==== [function-Month] Month
Echo Month(#11/2/2003#) ' expect: 11
'==== [function-Day] Day
Echo Day(#1/31/2003#) ' expect: 31
'==== [function-Hour] Hour
Echo Hour(#4:05:06 PM#), Hour(Now) ' expect: 16 16
'==== [function-Minute] Minute
Echo Minute(#4:05:06 PM#) ' expect: 5
'==== [function-Second] Second
Echo Second(#4:05:06 PM#) ' expect: 6
'==== [function-Weekday] Weekday
Echo Weekday(#1/2/2003#), Weekday(#1/2/2003#, 2), Weekday(#1/5/2003#), Weekday(#1/5/2003#, vbMonday), Weekday(#1/2/2003#, 2.5), IsNull(Weekday(Null)) ' expect: 5 4 1 7 4 True
On Error Resume Next
x = Weekday(Now, 8) : Echo Err.Number ' expect: 5
'==== [function-WeekdayName] WeekdayName
Echo WeekdayName(1), WeekdayName(1, True), WeekdayName(1, False, 2), WeekdayName(7) ' expect: Sunday Sun Monday Saturday
On Error Resume Next
x = WeekdayName(8) : Echo Err.Number ' expect: 5
'==== [function-MonthName] MonthName
Echo MonthName(1), MonthName(12, True) ' expect: January Dec
On Error Resume Next
x = MonthName(13) : Echo Err.Number ' expect: 5
'==== [function-DateSerial] DateSerial
Echo DateSerial(2003, 1, 2), DateSerial(2003, 13, 0), DateSerial(0, 1, 1), DateSerial(29, 1, 1), DateSerial(50, 1, 1), DateSerial(99, 1, 1), DateSerial(2003, 2, 31) ' expect: 1/2/2003 12/31/2003 1/1/2000 1/1/2029 1/1/1950 1/1/1999 3/3/2003
Echo DateSerial(2003, -1, 1), DateSerial(2004, 1, -1), DateSerial(2000, 2, 29) ' expect: 11/1/2002 12/30/2003 2/29/2000
On Error Resume Next
x = DateSerial(10000, 1, 1) : Echo Err.Number ' expect: 5
Err.Clear : x = DateSerial(Null, 1, 1) : Echo Err.Number ' expect: 94
'==== [function-TimeSerial] TimeSerial
Echo TimeSerial(16, 5, 6), TimeSerial(0, 90, 0), TimeSerial(12, 0, -1), TimeSerial(24, 0, 0) ' expect: 4:05:06 PM 1:30:00 AM 11:59:59 AM 12/31/1899
'==== [function-DateValue] DateValue
Echo DateValue("1/2/2003 4:05 PM"), DateValue("January 5, 2003"), DateValue(Now), DateValue("Feb 3") ' expect: 1/2/2003 1/5/2003 1/2/2003 2/3/2003
On Error Resume Next
x = DateValue("nope") : Echo Err.Number ' expect: 13
'==== [function-TimeValue] TimeValue
Echo TimeValue("4:05 PM"), TimeValue("16:05:06"), TimeValue("1/2/2003 4:05:06 PM") ' expect: 4:05:00 PM 4:05:06 PM 4:05:06 PM
'==== [function-DateAdd] DateAdd
Echo DateAdd("d", 1, #1/31/2003#), DateAdd("m", 1, #1/31/2003#), DateAdd("yyyy", 1, #2/29/2004#), DateAdd("q", 1, #1/31/2003#), DateAdd("ww", 1, #1/2/2003#) ' expect: 2/1/2003 2/28/2003 2/28/2005 4/30/2003 1/9/2003
Echo DateAdd("y", 1, #1/2/2003#), DateAdd("w", 1, #1/2/2003#), DateAdd("h", 25, #1/2/2003#), DateAdd("n", 90, #1/2/2003#), DateAdd("s", -1, #1/2/2003#), DateAdd("D", 1, "1/2/2003") ' expect: 1/3/2003 1/3/2003 1/3/2003 1:00:00 AM 1/2/2003 1:30:00 AM 1/1/2003 11:59:59 PM 1/3/2003
Echo DateAdd("m", -1, #3/31/2003#), DateAdd("yyyy", -3, #1/2/2003#), DateAdd("d", 1.9, #1/2/2003#) ' expect: 2/28/2003 1/2/2000 1/3/2003
On Error Resume Next
x = DateAdd("x", 1, Now) : Echo Err.Number ' expect: 5
Err.Clear : x = DateAdd("yyyy", 9000, Now) : Echo Err.Number ' expect: 5
'==== [function-DateDiff] DateDiff
Echo DateDiff("yyyy", #12/31/2002#, #1/1/2003#), DateDiff("m", #1/31/2003#, #2/1/2003#), DateDiff("d", #1/1/2003#, #3/1/2003#), DateDiff("q", #3/31/2003#, #4/1/2003#), DateDiff("d", #1/2/2003 11:00 PM#, #1/3/2003 1:00 AM#) ' expect: 1 1 59 1 1
Echo DateDiff("ww", #1/4/2003#, #1/5/2003#), DateDiff("ww", #1/5/2003#, #1/11/2003#), DateDiff("w", #1/1/2003#, #1/15/2003#), DateDiff("w", #1/1/2003#, #1/14/2003#), DateDiff("ww", #1/5/2003#, #1/6/2003#, 2) ' expect: 1 0 2 1 1
Echo DateDiff("h", #1:59 PM#, #2:01 PM#), DateDiff("n", #1:00:59 PM#, #1:01:00 PM#), DateDiff("s", #1:00 PM#, #1:01 PM#), DateDiff("d", #3/1/2003#, #1/1/2003#), TypeName(DateDiff("d", Now, Now)) ' expect: 1 1 60 -59 Long
Echo IsNull(DateDiff("d", Null, Now)), DateDiff("y", #1/1/2003#, #1/3/2003#) ' expect: True 2
'==== [function-DatePart] DatePart
d = #11/22/2003 16:05:06#
Echo DatePart("yyyy", d), DatePart("q", d), DatePart("m", d), DatePart("y", d), DatePart("d", d), DatePart("w", d), DatePart("ww", d), DatePart("h", d), DatePart("n", d), DatePart("s", d) ' expect: 2003 4 11 326 22 7 47 16 5 6
Echo DatePart("ww", #1/1/2003#), DatePart("ww", #1/1/2003#, 2, 2), DatePart("ww", #1/1/2000#, 2, 2), DatePart("ww", #1/1/2000#, 2, 3), DatePart("w", d, 2) ' expect: 1 1 52 52 6
'==== [2.7-arithmetic] dates calculate
Echo #1/31/2003# + 1, #3/1/2003# - #2/1/2003#, #1/2/2003# + #6:00:00 AM#, TypeName(#1/2/2003# * 2), #1/2/2003# > #1/1/2003# ' expect: 2/1/2003 28 1/2/2003 6:00:00 AM Double True
'==== [2.7-idiom] the idiom of mail scripts
d = Now : Echo Year(d) & "-" & Right("0" & Month(d), 2) & "-" & Right("0" & Day(d), 2) ' expect: 2003-01-02
Echo "Sent " & Now & " by script" ' expect: Sent 1/2/2003 4:05:06 PM by script
