' What built-ins say to Null, to omitted and to wrong arguments: §2.11.
'==== [2.6-round] conversions refuse to be called as a statement
On Error Resume Next
CByte 1 : Echo Err.Number ' expect: 458
Err.Clear : CCur 1 : Echo Err.Number ' expect: 458
Err.Clear : Call CDate(1) : Echo Err.Number ' expect: 458
Err.Clear : CDbl 1 : Echo Err.Number ' expect: 458
Err.Clear : CInt "-1" : Echo Err.Number ' expect: 458
Err.Clear : CLng 1 : Echo Err.Number ' expect: 458
Err.Clear : Call CSng(1) : Echo Err.Number ' expect: 458
Err.Clear : CStr 1 : CBool 1 : Abs -4 : Echo Err.Number ' expect: 0
Err.Clear : CInt "" : Echo Err.Number ' expect: 13
'==== [2.6-round] truth words are no numbers
Echo CByte(True), CInt(True), CDbl(False), CBool("TRUE"), CBool("#FALSE#") ' expect: 255 -1 0 True False
On Error Resume Next
For Each w In Array("TRUE", "FALSE", "#TRue#", "")
  Err.Clear : x = CByte(w) : s = s & Err.Number & " "
  Err.Clear : x = CInt(w) : s = s & Err.Number & " "
  Err.Clear : x = CLng(w) : s = s & Err.Number & " "
  Err.Clear : x = CDbl(w) : s = s & Err.Number & " "
  Err.Clear : x = CCur(w) : s = s & Err.Number & " "
Next
Echo s ' expect: 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 
'==== [2.6-round] edges of CInt
Echo CInt(32767.49), CInt(-32768.5), CByte("-0.5"), CByte(255.49) ' expect: 32767 -32768 0 255
On Error Resume Next
x = CInt(32767.5) : Echo Err.Number ' expect: 6
Err.Clear : x = CInt(-32768.51) : Echo Err.Number ' expect: 6
Err.Clear : x = CByte("258") : Echo Err.Number ' expect: 6
'==== [function-Mid] Mid looks at Null first
Function E(t, a, b)
  On Error Resume Next
  x = Mid(t, a, b) : E = Err.Number
End Function
Echo E("test", "a", 1), E("test", "a", Null), E("test", 0, 3), E("test", -1, Null), E("test", Null, 2), E(Null, -1, -1), E("test", Empty, 1) ' expect: 13 94 5 94 94 5 5
'==== [function-Join] Join and what it refuses
Function J(a)
  On Error Resume Next
  x = Join(a) : J = Err.Number
End Function
Class Plain : End Class
Dim two(2, 2)
Echo J(Null), J(Empty), J(1), J("test"), J(New Plain), J(Array(1, Null)), J(Array(Array(1), 2)), J(two) ' expect: 94 13 13 13 438 13 13 13
On Error Resume Next
x = Join(Array(), Null) : Echo Err.Number ' expect: 94
'==== [function-InStrRev] InStrRev refuses Null
Function R(a, b, c, d)
  On Error Resume Next
  x = InStrRev(a, b, c, d) : R = Err.Number
End Function
Echo R("abcd", Null, 2, 0), R(Null, "a", 2, 0), R("a", "a", Null, 0), R("a", "a", 2, Null), R("a", "a", -20, 1), R("a", "a", 2, 10) ' expect: 94 94 94 94 5 5
Echo InStrRev("abcd", "bc", 2.6), InStrRev("1234", 34), InStrRev("abcd", "", 3, 1), InStrRev("", "", 3, 0), InStrRev("abcd", "bc", 15) ' expect: 2 3 3 0 0
'==== [function-InStr] InStr rounds its start
Echo InStr(2.3, "abcd", "bc"), InStr(2.6, "abcd", "bc"), InStr(3, "abcdefgh", "FG", 1.4), InStr(20, "abcdef", "", 0), InStr(4, "", "", 0), InStr(1, 23456, 45) ' expect: 2 0 6 0 0 3
'==== [function-Escape] Escape and Unescape refuse Null
On Error Resume Next
x = Escape(Null) : Echo Err.Number ' expect: 94
Err.Clear : x = Unescape(Null) : Echo Err.Number ' expect: 94
'==== [function-ChrB] ChrB beyond a byte
On Error Resume Next
x = ChrB(256) : Echo Err.Number ' expect: 6
Err.Clear : x = ChrB(-1) : Echo Err.Number ' expect: 6
'==== [function-FormatNumber] formats refuse Null
On Error Resume Next
x = FormatNumber(Null) : Echo Err.Number ' expect: 13
Err.Clear : x = FormatCurrency(Null) : Echo Err.Number ' expect: 13
Err.Clear : x = FormatPercent(Null) : Echo Err.Number ' expect: 13
Err.Clear : x = FormatDateTime(Null) : Echo Err.Number ' expect: 13
Err.Clear : x = FormatNumber(1, Null) : Echo Err.Number ' expect: 94
Err.Clear : x = FormatCurrency(1, 0, 0, 0, Null) : Echo Err.Number ' expect: 94
'==== [function-MonthName] MonthName looks at Null first
On Error Resume Next
x = MonthName("a", Null) : Echo Err.Number ' expect: 94
Err.Clear : x = MonthName(Null) : Echo Err.Number ' expect: 94
'==== [function-Weekday] Weekday looks at its second argument first
On Error Resume Next
x = Weekday(Null, -1) : Echo Err.Number ' expect: 5
Err.Clear : x = Weekday(Null, "a") : Echo Err.Number ' expect: 13
Err.Clear : x = Weekday(Null, Null) : Echo Err.Number ' expect: 94
'==== [function-Randomize] Randomize gives no value; the sequence repeats behind Rnd(-1)
Rnd -1 : Randomize 123 : a = Rnd
Randomize 123 : b = Rnd
Rnd -1 : Randomize 123 : c = Rnd
Echo a = c, a = b ' expect: True False
On Error Resume Next
x = Randomize(0) : Echo Err.Number ' expect: 13
'==== [function-Rnd] the sequence before its first number
Echo Rnd(0) = 327680 / 16777216, Rnd(-2) = Rnd(-2), Rnd(-1) <> Rnd(-2) ' expect: True True True
'==== [function-DateDiff] DateDiff around day 0
Echo DateDiff("ww", DateSerial(1899, 12, 24), DateSerial(1899, 12, 27), vbSunday), DateDiff("ww", DateSerial(1899, 12, 24), DateSerial(1899, 12, 31), vbSunday), DateDiff("d", DateSerial(2000, 1, 1), DateSerial(1800, 1, 1)) ' expect: 0 1 -73048
Echo DateDiff("h", DateSerial(1899, 12, 29) + TimeSerial(18, 0, 0), DateSerial(1899, 12, 30)), DateDiff("d", DateSerial(1899, 12, 29) + TimeSerial(12, 0, 0), DateSerial(1899, 12, 30) + TimeSerial(12, 0, 0)) ' expect: -6 0
Echo DateDiff("w", DateSerial(2000, 1, 8), DateSerial(2000, 1, 1)), DateDiff("m", DateSerial(2000, 3, 15), DateSerial(2002, 6, 15)), DateDiff("q", DateSerial(2000, 1, 15), DateSerial(2001, 12, 15)) ' expect: -1 27 7
'==== [2.6-hex] Hex and Oct of edges
Echo Hex(-16), Hex(-934859845), Hex(228.5), Hex(2147483647.49), Hex(-2147483647.5), Oct(9.5), Oct(-32767), Oct(-32768) ' expect: FFF0 C8472BBB E4 7FFFFFFF 80000000 12 100001 37777700000
On Error Resume Next
x = Hex(2147483647.5) : Echo Err.Number ' expect: 6
Err.Clear : x = Hex("test") : Echo Err.Number ' expect: 13
'==== [2.11-constants] subtypes of constants
Echo TypeName(vbRed), TypeName(vbBlack), TypeName(vbMsgBoxHelpButton), TypeName(vbObjectError), TypeName(vbArray), TypeName(vbSunday), TypeName(vbTrue) ' expect: Long Long Long Long Integer Integer Integer
