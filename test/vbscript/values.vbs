' Values and subtypes: §2.3.
'==== [2.3-empty] Empty
Dim e
Echo VarType(e), TypeName(e), e = "", e = 0, e = False, IsEmpty(e) ' expect: 0 Empty True True True True
Echo "[" & e & "]", e + 1, TypeName(e + e) ' expect: [] 1 Integer
'==== [2.3-null] Null
Echo VarType(Null), TypeName(Null), IsNull(Null + 1), IsNull(Null = Null), "[" & Null & "x]" ' expect: 1 Null True True [x]
If Null Then Echo "yes" Else Echo "no" ' expect: no
While Null : Echo "never" : Wend
Do Until Null : Exit Do : Loop
Echo IsNull(Null & Null), Null And False, Null Or True, Null Imp True, IsNull(Null And True), IsNull(Not Null) ' expect: True False True True True True
'==== [2.3-integer] Integer and Long
Echo VarType(1), VarType(32768), TypeName(CInt(5)), TypeName(CLng(5)), VarType(CLng(5)) ' expect: 2 3 Integer Long 3
Echo TypeName(CLng(5) + 1), TypeName(CLng(1) - CLng(1)), TypeName(40000 - 39999) ' expect: Long Long Long
x = CLng(7) : y = x : Echo TypeName(y), TypeName(-y), TypeName(y \ 2), TypeName(y Mod 2) ' expect: Long Long Long Long
'==== [2.3-double] Single and Double
Echo TypeName(5 / 1), TypeName(0.5 + 0.5), TypeName(CDbl(3)), TypeName(CSng(3)), VarType(CSng(1)), VarType(1.5) ' expect: Double Double Double Single 4 5
Echo 1 / 3, CSng(1 / 3), CSng(0.1), CDbl(CSng(0.1)), 2 / 3, 1E+20, 123456789012345678 ' expect: 0.333333333333333 0.3333333 0.1 0.100000001490116 0.666666666666667 1E+20 1.23456789012346E+17
Echo CSng(16777216), CSng(1234567.8), CSng(1E10), CSng(0.00001) ' expect: 1.677722E+07 1234568 1E+10 0.00001
'==== [2.3-currency] Currency has four decimals
Echo CCur(1.23456), TypeName(CCur(1)), VarType(CCur(1)), CCur("922337203685477.5807"), CCur(-0.00005) ' expect: 1.2346 Currency 6 922337203685477.5807 0
Echo CCur(1) / 3, TypeName(CCur(1) / 3), CCur(2) * CCur(1.5), TypeName(CCur(2) + 1), TypeName(CCur(2) * 1.5) ' expect: 0.333333333333333 Double 3 Currency Double
Echo CCur(0.1) + CCur(0.2) = CCur(0.3), CCur(10) - 0.5, CCur(1) / 8 ' expect: True 9.5 0.125
'==== [2.3-currency] Currency overflows
x = CCur(922337203685478) ' expect error: 6 Overflow: 'CCur'
'==== [2.3-date] Date
d = #1/2/2003#
Echo VarType(d), TypeName(d), CDbl(d), CDate(0.5), CDate(2.25), CDate(-1.25) ' expect: 7 Date 37623 12:00:00 PM 1/1/1900 6:00:00 AM 12/29/1899 6:00:00 AM
Echo TypeName(d + 1), d + 1, d - #1/1/2003#, TypeName(d - #1/1/2003#) ' expect: Date 1/3/2003 1 Double
Echo #12/31/9999#, #1/1/100#, CDate(0) ' expect: 12/31/9999 1/1/0100 12:00:00 AM
'==== [2.3-date] dates end with the year 9999
x = CDate(2958466) ' expect error: 6 Overflow: 'CDate'
'==== [2.3-string] String
s = "a" & Chr(0) & "b"
Echo VarType(s), Len(s), AscW(Mid(s, 2, 1)), LenB("ab"), LenB(ChrB(65)), Len(ChrB(65)) ' expect: 8 3 0 4 1 0
x = ChrB(65) & ChrB(66) : Echo LenB(x), Len(x), AscW(x), x = ChrW(16961) ' expect: 2 1 16961 True
y = ChrB(1) & ChrB(2) & ChrB(3) : Echo LenB(y), AscB(MidB(y, 3, 1)), LenB(y & y), AscB(MidB(y & y, 4, 1)) ' expect: 3 3 6 1
'==== [2.3-object] Object
Class Plain : End Class
Class Dflt : Public Default Property Get V : V = 5 : End Property : End Class
Echo VarType(New Plain), TypeName(New Plain), TypeName(Nothing), VarType(Nothing), IsObject(Nothing) ' expect: 9 Plain Nothing 9 True
Echo VarType(New Dflt), TypeName(New Dflt), TypeName(TestObject), VarType(TestObject), TypeName(GetRef("F")) ' expect: 2 Dflt TestObject 8 Object
Sub F : End Sub
'==== [2.3-error] Error
Sub S(a, b) : Echo VarType(b), TypeName(b) : End Sub ' expect: 10 Error
S 1,
'==== [2.3-boolean] Boolean
Echo VarType(True), TypeName(True), True + 1, True = -1, CInt(True), True & "", True * True ' expect: 11 Boolean 0 True -1 True 1
Echo TypeName(True + True), TypeName(Not True), TypeName(True And True), TypeName(-True) ' expect: Integer Boolean Boolean Integer
'==== [2.3-array] arrays are assigned by copy
a = Array(1, 2) : b = a : b(0) = 9 : Echo a(0), b(0), VarType(a), TypeName(a), LBound(a) ' expect: 1 9 8204 Variant() 0
n = Array(Array(1)) : m = n : m(0)(0) = 5 : Echo n(0)(0), m(0)(0) ' expect: 1 5
Sub Change(ByRef x) : x(0) = 7 : End Sub
Sub Keep(ByVal x) : x(0) = 8 : End Sub
Change a : Echo a(0) ' expect: 7
Keep a : Echo a(0) ' expect: 7
Change (a) : Echo a(0) ' expect: 7
Function Make : Dim r(1) : r(0) = 3 : Make = r : r(0) = 4 : End Function
c = Make : Echo c(0) ' expect: 3
'==== [2.3-bytes] Byte arrays
b = TestObject.Bytes
Echo VarType(b), TypeName(b), UBound(b), LenB(b), AscB(MidB(b, 2, 1)), IsArray(b) ' expect: 8209 Byte() 2 3 66 True
Echo TypeName(MidB(b, 1, 2)), MidB(b, 1, 2) = ChrB(65) & ChrB(66), InStrB(b, ChrB(67)) ' expect: String True 3
'==== [2.3-byte] Byte and Decimal
Echo TypeName(CByte(200)), VarType(CByte(1)), TypeName(CByte(200) + CByte(100)), CByte(200) + CByte(100) ' expect: Byte 17 Integer 300
Echo TypeName(CByte(1) + CByte(1)), TypeName(CByte(1) + 1), TypeName(-CByte(1)), CByte(7) \ CByte(2), TypeName(CByte(7) Mod CByte(2)) ' expect: Byte Integer Integer 3 Byte
d = TestObject.Decimal : Echo TypeName(d), VarType(d), d, CDbl(d) + 1 ' expect: Decimal 14 12.5 13.5
'==== [2.3-byte] arithmetic on Decimal is refused
x = TestObject.Decimal + 1 ' expect error: 458 Variable uses an Automation type not supported in VBScript
'==== [2.3-nothing] Nothing has no value
On Error Resume Next
x = 1 : x = Nothing : Echo Err.Number, x ' expect: 91 1
Err.Clear : x = "" & Nothing : Echo Err.Number ' expect: 91
Err.Clear : x = Not Nothing : Echo Err.Number ' expect: 91
'==== [2.3-index] only arrays and objects have elements
On Error Resume Next
For Each v In Array(42, "hello", True, Empty, Null, 3.14, Now)
  Err.Clear : t = v(0) : Echo Err.Number ' expect: 13 | 13 | 13 | 13 | 13 | 13 | 13
  Err.Clear : v(0) = 1 : Echo Err.Number ' expect: 13 | 13 | 13 | 13 | 13 | 13 | 13
Next
Dim a2(3, 3), a1(3), un()
Err.Clear : t = a2(0) : Echo Err.Number, Err.Description ' expect: 9 Subscript out of range
Err.Clear : t = a1(0, 0) : Echo Err.Number ' expect: 9
Err.Clear : t = a1(4) : Echo Err.Number, Err.Description ' expect: 9 Subscript out of range
Err.Clear : a1(-1) = 0 : Echo Err.Number ' expect: 9
Err.Clear : t = un(0) : Echo Err.Number ' expect: 9
Err.Clear : a1("2") = "x" : Echo a1(2), a1(1.5), Err.Number ' expect: x x 0
