' Text functions: §2.11.
'==== [function-Asc] Asc
Echo Asc("A"), Asc("abc"), Asc("€"), Asc("ä"), Asc(Chr(0)), TypeName(Asc("a")) ' expect: 65 97 128 228 0 Integer
On Error Resume Next
x = Asc("") : Echo Err.Number ' expect: 5
Err.Clear : x = Asc(Null) : Echo Err.Number ' expect: 94
'==== [function-AscB] AscB
Echo AscB("A"), AscB(ChrB(200)), TypeName(AscB("A")), AscB(ChrW(&H1234)) ' expect: 65 200 Byte 52
'==== [function-AscW] AscW
Echo AscW("A"), AscW("€"), AscW(ChrW(-1)), TypeName(AscW("A")) ' expect: 65 8364 -1 Integer
'==== [function-Chr] Chr
Echo Chr(65), Chr(128), Len(Chr(0)), AscW(Chr(150)), Chr(228) ' expect: A € 1 8211 ä
On Error Resume Next
x = Chr(256) : Echo Err.Number ' expect: 5
Err.Clear : x = Chr(-1) : Echo Err.Number ' expect: 5
'==== [function-ChrB] ChrB
Echo LenB(ChrB(65)), LenB(ChrB(65) & ChrB(66)), ChrB(65) & ChrB(0) ' expect: 1 2 A
'==== [function-ChrW] ChrW
Echo ChrW(8364), AscW(ChrW(-1)), ChrW(65) ' expect: € -1 A
'==== [function-Escape] Escape
Echo Escape("a b&ä€@*_+-./"), Escape("%") ' expect: a%20b%26%E4%u20AC@*_+-./ %25
'==== [function-Unescape] Unescape
Echo Unescape("a%20b%u20AC%E4"), Unescape("%zz"), Unescape("100%") ' expect: a b€ä %zz 100%
'==== [function-Filter] Filter
a = Array("apple", "Banana", "cherry", "apricot")
Echo Join(Filter(a, "ap"), ","), Join(Filter(a, "ap", False), ","), Join(Filter(a, "AP", True, 1), ","), UBound(Filter(a, "zz")) ' expect: apple,apricot Banana,cherry apple,apricot -1
'==== [function-InStr] InStr
Echo InStr("abcabc", "c"), InStr(4, "abcabc", "c"), InStr("abc", "x"), InStr(1, "ABC", "b", 1), InStr(1, "ABC", "b", 0), InStr("abc", "") ' expect: 3 6 0 2 0 1
Echo InStr("", "a"), IsNull(InStr(Null, "a")), IsNull(InStr("a", Null)), InStr(3, "abc", ""), InStr(5, "abc", "c"), TypeName(InStr("a", "a")) ' expect: 0 True True 3 0 Long
On Error Resume Next
x = InStr(0, "a", "a") : Echo Err.Number ' expect: 5
Err.Clear : x = InStr(1, "a", "a", 2) : Echo Err.Number ' expect: 5
'==== [function-InStrB] InStrB
Echo InStrB("abc", "b"), InStrB("ab", ChrB(0)), InStrB(ChrB(1) & ChrB(2), ChrB(2)), InStrB(4, "abc", "c") ' expect: 3 2 2 5
'==== [function-InStrRev] InStrRev
Echo InStrRev("abcabc", "c"), InStrRev("abcabc", "c", 5), InStrRev("abc", "x"), InStrRev("ABC", "b", -1, 1), InStrRev("abc", ""), InStrRev("", "a") ' expect: 6 3 0 2 3 0
On Error Resume Next
x = InStrRev("a", "a", 0) : Echo Err.Number ' expect: 5
'==== [function-Join] Join
Echo Join(Array("a", 1, True)), Join(Array("a", "b"), ""), Join(Array("x"), ","), "[" & Join(Array(), ",") & "]" ' expect: a 1 True ab x []
On Error Resume Next
x = Join("a") : Echo Err.Number ' expect: 13
'==== [function-LCase] LCase
Echo LCase("ABC ÄÖ 1"), IsNull(LCase(Null)), LCase(123) ' expect: abc äö 1 True 123
'==== [function-UCase] UCase
Echo UCase("abc äö 1ß"), IsNull(UCase(Null)) ' expect: ABC ÄÖ 1ß True
'==== [function-Left] Left
Echo Left("hello", 2), "[" & Left("hello", 0) & "]", Left("hello", 10), Left(12345, 2), IsNull(Left(Null, 1)) ' expect: he [] hello 12 True
'==== [function-LeftB] LeftB
Echo LenB(LeftB("hello", 3)), LeftB("hello", 4), LenB(LeftB("a", 9)) ' expect: 3 he 2
'==== [function-Right] Right
Echo Right("hello", 2), "[" & Right("hello", 0) & "]", Right("hello", 10), Right("0" & 7, 2) ' expect: lo [] hello 07
'==== [function-RightB] RightB
Echo RightB("hello", 4), LenB(RightB("hello", 3)) ' expect: lo 3
'==== [function-Len] Len
Echo Len("hello"), Len(""), Len(12345), IsNull(Len(Null)), Len(Empty), Len(True), TypeName(Len("a")) ' expect: 5 0 5 True 0 4 Long
'==== [function-LenB] LenB
Echo LenB("hello"), LenB(""), IsNull(LenB(Null)), LenB(12) ' expect: 10 0 True 4
'==== [function-LTrim] LTrim, RTrim, Trim take blanks alone
Echo "[" & LTrim("  a  ") & "][" & RTrim("  a  ") & "][" & Trim("  a b  ") & "]" ' expect: [a  ][  a][a b]
Echo Len(Trim(vbTab & "a" & vbTab)), IsNull(Trim(Null)), Len(Trim("   ")) ' expect: 3 True 0
'==== [function-RTrim] RTrim
Echo "[" & RTrim("a ") & "]", IsNull(RTrim(Null)) ' expect: [a] True
'==== [function-Trim] Trim
Echo "[" & Trim(" a ") & "]" ' expect: [a]
'==== [function-Mid] Mid
Echo Mid("hello", 2, 3), Mid("hello", 3), "[" & Mid("hello", 9) & "]", "[" & Mid("hello", 2, 0) & "]", Mid("hello", 4, 99) ' expect: ell llo [] [] lo
Echo IsNull(Mid(Null, 1)), Mid(12345, 2, 2), "[" & Mid("abc", 2, e) & "]" ' expect: True 23 []
On Error Resume Next
x = Mid("a", 0) : Echo Err.Number ' expect: 5
Err.Clear : x = Mid("a", 1, -1) : Echo Err.Number ' expect: 5
'==== [function-MidB] MidB
Echo MidB("hello", 3, 4), LenB(MidB("hello", 2, 1)), AscB(MidB("hello", 3, 1)), LenB(MidB("ab", 9)) ' expect: el 1 101 0
'==== [function-Replace] Replace
Echo Replace("abcabc", "b", "X"), Replace("abcabc", "b", "X", 3), Replace("abcabc", "b", "X", 1, 1), Replace("aBc", "b", "X", 1, -1, 1), Replace("aBc", "b", "X") ' expect: aXcaXc caXc aXcabc aXc aBc
Echo Replace("aaa", "a", ""), "[" & Replace("", "a", "b") & "]", Replace("abc", "", "x"), Replace("a.b", ".", "$&"), Replace("abc", "b", "B", 1, 0) ' expect:  [] abc a$&b abc
On Error Resume Next
x = Replace(Null, "a", "b") : Echo Err.Number ' expect: 94
Err.Clear : x = Replace("a", "a", "b", 0) : Echo Err.Number ' expect: 5
'==== [function-Space] Space
Echo "[" & Space(3) & "]", Len(Space(0)) ' expect: [   ] 0
On Error Resume Next
x = Space(-1) : Echo Err.Number ' expect: 5
'==== [function-Split] Split
Echo Join(Split("a b c"), "|"), Join(Split("a,b,c", ","), "|"), UBound(Split("", ",")), Join(Split("a,b,c", ",", 2), "|"), Join(Split("aXbxc", "x", -1, 1), "|") ' expect: a|b|c a|b|c -1 a|b,c a|b|c
Echo UBound(Split("abc", "")), Split("abc", "")(0), UBound(Split("a,b", ",", 0)), UBound(Split(",", ",")), TypeName(Split("a")) ' expect: 0 abc -1 1 Variant()
On Error Resume Next
x = Split("a", ",", -2) : Echo Err.Number ' expect: 5
Err.Clear : x = Split("a", ",", -1, 2) : Echo Err.Number ' expect: 5
Err.Clear : x = Split(Null) : Echo Err.Number ' expect: 94
'==== [function-StrComp] StrComp
Echo StrComp("a", "b"), StrComp("b", "a"), StrComp("a", "a"), StrComp("A", "a"), StrComp("A", "a", 1), IsNull(StrComp(Null, "a")), StrComp("a", "B", 1), StrComp("", "a") ' expect: -1 1 0 -1 0 True -1 -1
'==== [function-String] String
Echo String(3, "x"), String(3, 65), String(2, "abc"), Len(String(0, "a")), String(2, 65 + 256) ' expect: xxx AAA aa 0 AA
On Error Resume Next
x = String(-1, "a") : Echo Err.Number ' expect: 5
Err.Clear : x = String(1, "") : Echo Err.Number ' expect: 5
Err.Clear : x = String(1, Null) : Echo Err.Number ' expect: 94
'==== [function-StrReverse] StrReverse
Echo StrReverse("abc"), "[" & StrReverse("") & "]", StrReverse(123) ' expect: cba [] 321
On Error Resume Next
x = StrReverse(Null) : Echo Err.Number ' expect: 94
