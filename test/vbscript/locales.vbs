' Locales: §2.11.
'==== [locale-1033] English (United States)
Dim d : d = #1/2/2003 4:05:06 PM#
Echo d, FormatDateTime(d, 1), FormatDateTime(d, 3), FormatNumber(1234.5), FormatCurrency(-1234.5), 1.5 & "", True & "" ' expect: 1/2/2003 4:05:06 PM Thursday, January 2, 2003 4:05:06 PM 1,234.50 ($1,234.50) 1.5 True
'==== [locale-2057] English (United Kingdom)
SetLocale 2057
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), CDate("1/2/2003") = #2/1/2003# ' expect: 02/01/2003 16:05:06 02 January 2003 1,234.50 -£1,234.50 True
Echo Day("1/2/2003"), Month("1/2/2003"), Month("1/13/2003") ' expect: 1 2 1
'==== [locale-1031] German
SetLocale 1031
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), 1.5 & "", True & "" ' expect: 02.01.2003 16:05:06 Donnerstag, 2. Januar 2003 1.234,50 -1.234,50 € 1,5 Wahr
Echo CDbl("1,5") = 1.5, CDbl("1.234,5") = 1234.5, CDate("3.2.2003") = #2/3/2003#, MonthName(3), WeekdayName(1), WeekdayName(1, True), CBool("Wahr") ' expect: Wahr Wahr Wahr März Montag Mo Wahr
Echo IsNumeric("1,5"), CDate("5. März 2003") = #3/5/2003# ' expect: Wahr Wahr
'==== [locale-1036] French
SetLocale 1036
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), Replace(FormatNumber(1234.5), ChrW(160), "_"), 1.5 & "", True & "", CDbl("1 234,5") = 1234.5 ' expect: 02/01/2003 16:05:06 jeudi 2 janvier 2003 1_234,50 1,5 Vrai Vrai
'==== [locale-3082] Spanish
SetLocale 3082
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(1234.5), True & "" ' expect: 02/01/2003 16:05:06 jueves, 02 de enero de 2003 1.234,50 1.234,50 € Verdadero
'==== [locale-1040] Italian
SetLocale 1040
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), False & "" ' expect: 02/01/2003 16.05.06 giovedì 2 gennaio 2003 1.234,50 -€ 1.234,50 Falso
'==== [locale-1046] Portuguese (Brazil)
SetLocale 1046
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), True & "" ' expect: 2/1/2003 16:05:06 quinta-feira, 2 de janeiro de 2003 1.234,50 (R$ 1.234,50) Verdadeiro
'==== [locale-2052] Chinese (simplified)
SetLocale 2052
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(1234.5), MonthName(1), WeekdayName(1) ' expect: 2003-1-2 16:05:06 2003年1月2日 1,234.50 ￥1,234.50 一月 星期日
Echo CDate("2003年1月2日") = #1/2/2003#, Month("2003-3-4") ' expect: True 3
'==== [locale-1041] Japanese
SetLocale 1041
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(1234.5), MonthName(1), WeekdayName(1) ' expect: 2003/01/02 16:05:06 2003年1月2日 1,234.50 \1,235 1月 日曜日
'==== [2.11-locale] other locales
For Each id In Array(1028, 1030, 1035, 1042, 1043, 1044, 1045, 1049, 1053, 2055, 2058, 2060, 2070, 3079, 3081, 3084, 4105, 11274)
  SetLocale id
  If GetLocale <> id Or CDate(FormatDateTime(#11/22/2003#, 2)) <> #11/22/2003# Or CDbl(FormatNumber(1234.5)) <> 1234.5 Then Echo "wrong", id
Next
SetLocale 1053 : Echo #1/2/2003# & "" ' expect: 2003-01-02
SetLocale 1043 : Echo #1/2/2003# & "", FormatCurrency(1.5) ' expect: 2-1-2003 € 1,50
'==== [2.11-locale] date literals stay in US order
SetLocale 2057 : Echo Month(#1/2/2003#) ' expect: 1
