' Conversions: §2.6.
'==== [2.6-round] CInt, CLng, CByte round halves to even
Echo CInt(0.5), CInt(1.5), CInt(2.5), CInt(-0.5), CInt(-1.5), CInt(2.51) ' expect: 0 2 2 0 -2 3
Echo CLng(40000.5), CLng("1,000"), CInt("$5"), CByte(2.5), CInt("&hFF"), CInt(" 7 "), CInt(True), CInt(Empty) ' expect: 40000 1000 5 2 255 7 -1 0
Echo CInt("&hFFFF"), CLng("&hFFFF"), CLng("&hFFFFFFFF"), CInt("-5"), CInt("5-"), CInt("(5)"), CInt("1e2"), CInt("1d2") ' expect: -1 65535 -1 -5 -5 -5 100 100
'==== [2.6-round] CInt out of range
x = CInt(32768) ' expect error: 6 Overflow: 'CInt'
'==== [2.6-round] CLng out of range
x = CLng(3000000000) ' expect error: 6 Overflow: 'CLng'
'==== [2.6-round] CByte of a negative number
x = CByte(-1) ' expect error: 6 Overflow: 'CByte'
'==== [2.6-round] CInt of nothing written
x = CInt("") ' expect error: 13 Type mismatch: 'CInt'
'==== [2.6-round] CInt of Null
x = CInt(Null) ' expect error: 94 Invalid use of Null: 'CInt'
'==== [2.6-intfix] Int and Fix keep the subtype
Echo Int(2.7), Int(-2.7), Fix(2.7), Fix(-2.7), TypeName(Int(2.7)), TypeName(Fix(CSng(2.7))), TypeName(Int(5)) ' expect: 2 -3 2 -2 Double Single Integer
Echo TypeName(Int(CCur(2.5))), Int(CCur(-2.5)), TypeName(Int("3.7")), Int("3.7"), IsNull(Int(Null)), TypeName(Fix(CLng(3))) ' expect: Currency -3 Double 3 True Long
'==== [2.6-roundfn] Round
Echo Round(2.5), Round(3.5), Round(-2.5), Round(2.345, 2), Round(2.675, 2), Round(1.005, 2), Round(5) ' expect: 2 4 -2 2.35 2.68 1 5
Echo TypeName(Round(2.5)), TypeName(Round(5)), TypeName(Round(CSng(2.5))), TypeName(Round(CCur(2.5))), Round(1234.5678, 3), TypeName(Round(True)) ' expect: Double Integer Single Currency 1234.568 Boolean
'==== [2.6-roundfn] Round to negative places
x = Round(5, -1) ' expect error: 5 Invalid procedure call or argument: 'Round'
'==== [2.6-others] CDbl, CSng, CCur, CDate, CBool
Echo CDbl("1.5"), CSng("1.5"), CCur("1.5"), CDate("1/2/2003"), CBool("True"), CBool("5"), CBool("0"), CBool("false") ' expect: 1.5 1.5 1.5 1/2/2003 True True False False
Echo CDate("13/1/2003"), CDate("2003-04-05"), CDate("5 April 2003"), CDate("April 5, 2003 1:02 PM"), CDate(37623) ' expect: 1/13/2003 4/5/2003 4/5/2003 4/5/2003 1:02:00 PM 1/2/2003
Echo CBool(0.1), CBool(Empty), CBool("#TRUE#"), CDbl(True), CDbl(#1/2/2003#), CDbl("1e3") ' expect: True False True -1 37623 1000
'==== [2.6-others] CBool of a word
x = CBool("abc") ' expect error: 13 Type mismatch: 'CBool'
'==== [2.6-others] CDate of a word
x = CDate("abc") ' expect error: 13 Type mismatch: 'CDate'
'==== [2.6-cstr] CStr
Echo CStr(1E15), CStr(123456789012345), CStr(0.1 + 0.2), CStr(1 / 3), CStr(-1.5), CStr(1E-5), CStr(0.00001234567890123) ' expect: 1E+15 123456789012345 0.3 0.333333333333333 -1.5 0.00001 1.234567890123E-05
Echo CStr(True), CStr(#1/2/2003#), CStr(#1/2/2003 4:05:06 PM#), CStr(#4:05:06 PM#), CStr(Empty), CStr(CSng(1 / 3)) ' expect: True 1/2/2003 1/2/2003 4:05:06 PM 4:05:06 PM  0.3333333
Echo CStr(100000000000000000000), CStr(1.5E+300), CStr(-0.0), CStr(1E100), CStr(999999999999999), CStr(9999999999999999) ' expect: 1E+20 1.5E+300 0 1E+100 999999999999999 1E+16
Echo 1 / 7, 100 / 7, 1000000 / 7, 1E+14 / 7, 2 / 3 * 3, 1.1 * 1.1, 4.35 * 100 ' expect: 0.142857142857143 14.2857142857143 142857.142857143 14285714285714.3 2 1.21 435
Echo 0.0001, 0.00012, 0.1, 0.12345678901234567, 1.0E-10, 1.23456789012345E-10 ' expect: 0.0001 0.00012 0.1 0.123456789012346 0.0000000001 1.23456789012345E-10
'==== [2.6-cstr] CStr of Null
x = CStr(Null) ' expect error: 94 Invalid use of Null: 'CStr'
'==== [2.6-isnumeric] IsNumeric
Echo IsNumeric(Empty), IsNumeric(""), IsNumeric(Null), IsNumeric(" 12 "), IsNumeric("&h1F"), IsNumeric("1,000"), IsNumeric("$5"), IsNumeric("1e3") ' expect: True False False True True True True True
Echo IsNumeric(#1/2/2003#), IsNumeric("abc"), IsNumeric("1.2.3"), IsNumeric(True), IsNumeric("12abc"), IsNumeric("-"), IsNumeric("1-"), IsNumeric("(1)") ' expect: False False False True False False True True
Echo IsNumeric(5), IsNumeric(CCur(1)), IsNumeric(Array(1)), IsNumeric(Nothing), IsNumeric("+5"), IsNumeric("5 "), IsNumeric("1 2"), IsNumeric(".") ' expect: True True False False True True False False
'==== [2.6-isdate] IsDate
Echo IsDate("1/2/2003"), IsDate(#1/2/2003#), IsDate("abc"), IsDate(5), IsDate("12:30"), IsDate("13/13/2003"), IsDate(""), IsDate(Null) ' expect: True True False False True False False False
Echo IsDate("Jan 5, 2003"), IsDate("5-Jan-03"), IsDate("2003/1/5"), IsDate("25:00"), IsDate("29/2/2001"), IsDate("2/29/2000") ' expect: True True True False False True
'==== [2.6-hex] Hex and Oct show two's complement in the width of the subtype
Echo Hex(255), Hex(-1), Hex(CLng(-1)), Hex(-32768), Hex(CLng(-32768)), Oct(8), Oct(-1), Hex(65535) ' expect: FF FFFF FFFFFFFF FFFF8000 FFFF8000 10 177777 FFFF
Echo Hex(15.5), Hex("255"), Hex(True), Hex(Empty), IsNull(Hex(Null)), Hex(2147483647), Oct(CLng(-1)) ' expect: 10 FF FFFF 0 True 7FFFFFFF 37777777777
'==== [2.6-bool] conditions
If 0.1 Then Echo "number" ' expect: number
If "0" Then Echo "never" Else Echo "text 0" ' expect: text 0
If "-1" Then Echo "text -1" ' expect: text -1
If "TRUE" Then Echo "word" ' expect: word
If Empty Then Echo "never"
Class D : Public Default Property Get V : V = 1 : End Property : End Class
If New D Then Echo "default" ' expect: default
On Error Resume Next
Err.Raise 5
If Err Then Echo "err", Err ' expect: err 5
'==== [2.6-bool] an empty text is no condition
If "" Then Echo "never" ' expect error: 13 Type mismatch
