' Number, conversion, inspection and other functions: §2.11.
'==== [function-Abs] Abs
Echo Abs(-5), Abs(5), Abs(-1.5), Abs("-3"), IsNull(Abs(Null)), Abs(Empty), Abs(True), TypeName(Abs(-5)), TypeName(Abs("-3")), Abs(CCur(-2.5)) ' expect: 5 5 1.5 3 True 0 1 Integer Double 2.5
'==== [function-Atn] Atn
Echo Atn(1) * 4, Atn(0), TypeName(Atn(0)) ' expect: 3.14159265358979 0 Double
'==== [function-Cos] Cos
Echo Cos(0), Round(Cos(1), 6) ' expect: 1 0.540302
'==== [function-Exp] Exp
Echo Exp(0), Exp(1) ' expect: 1 2.71828182845905
On Error Resume Next
x = Exp(710) : Echo Err.Number ' expect: 6
'==== [function-Fix] Fix
Echo Fix(-3.7), Fix(3.7) ' expect: -3 3
'==== [function-Hex] Hex
Echo Hex(10), Hex(256), Hex(2.5) ' expect: A 100 2
'==== [function-Int] Int
Echo Int(-3.7), Int(3.7) ' expect: -4 3
'==== [function-Log] Log
Echo Log(1), Round(Log(10), 6) ' expect: 0 2.302585
On Error Resume Next
x = Log(0) : Echo Err.Number ' expect: 5
'==== [function-Oct] Oct
Echo Oct(8), Oct(64) ' expect: 10 100
'==== [function-Randomize] Randomize
Randomize 1 : a = Rnd : Randomize 1 : Echo TypeName(a), a >= 0, a < 1 ' expect: Single True True
'==== [function-Rnd] Rnd is the sequence of 24 bits
Echo Rnd, Rnd, Rnd, Rnd(0) ' expect: 0.7055475 0.533424 0.5795186 0.5795186
Echo Rnd(-1), Rnd(-1), Rnd(1) ' expect: 0.224007 0.224007 3.584582E-02
'==== [function-Round] Round
Echo Round(1.25, 1), Round(1.35, 1), Round(-1.25, 1), Round(12345.678, 0) ' expect: 1.2 1.4 -1.2 12346
'==== [function-Sgn] Sgn
Echo Sgn(-5), Sgn(0), Sgn(2.5), TypeName(Sgn(1)) ' expect: -1 0 1 Integer
'==== [function-Sin] Sin
Echo Sin(0), Round(Sin(1), 6) ' expect: 0 0.841471
'==== [function-Sqr] Sqr
Echo Sqr(16), Sqr(2), TypeName(Sqr(4)) ' expect: 4 1.4142135623731 Double
On Error Resume Next
x = Sqr(-1) : Echo Err.Number ' expect: 5
'==== [function-Tan] Tan
Echo Tan(0), Round(Tan(1), 6) ' expect: 0 1.557408
'==== [function-CBool] CBool
Echo CBool(1), CBool(0), CBool("-1"), TypeName(CBool(1)) ' expect: True False True Boolean
'==== [function-CByte] CByte
Echo CByte("12"), CByte(1.5), TypeName(CByte(1)) ' expect: 12 2 Byte
'==== [function-CCur] CCur
Echo CCur("$1,234.56"), CCur(0.00005), CCur(-1.00005) ' expect: 1234.56 0 -1
'==== [function-CDate] CDate
Echo CDate("10:20 PM"), CDate("3/4/05"), CDate("3/4/45"), CDate("1 Jan 2000 13:05") ' expect: 10:20:00 PM 3/4/2005 3/4/1945 1/1/2000 1:05:00 PM
'==== [function-CDbl] CDbl
Echo CDbl("1,234.5"), TypeName(CDbl(1)) ' expect: 1234.5 Double
'==== [function-CInt] CInt
Echo CInt("12.5"), TypeName(CInt("1")) ' expect: 12 Integer
'==== [function-CLng] CLng
Echo CLng("70000"), TypeName(CLng(1)) ' expect: 70000 Long
'==== [function-CSng] CSng
Echo CSng("1.1"), TypeName(CSng(1)) ' expect: 1.1 Single
'==== [function-CStr] CStr
Echo CStr(12), TypeName(CStr(12)), CStr("x") ' expect: 12 String x
'==== [function-IsArray] IsArray
Dim arr(2), none
Echo IsArray(arr), IsArray(Array()), IsArray(none), IsArray("a"), IsArray(TestObject.Bytes) ' expect: True True False False True
'==== [function-IsDate] IsDate
Echo IsDate(Now), IsDate("x") ' expect: True False
'==== [function-IsEmpty] IsEmpty
Echo IsEmpty(e), IsEmpty(""), IsEmpty(Null), IsEmpty(0) ' expect: True False False False
'==== [function-IsNull] IsNull
Echo IsNull(Null), IsNull(Empty), IsNull(TestObject.Null) ' expect: True False True
'==== [function-IsNumeric] IsNumeric
Echo IsNumeric("1"), IsNumeric("x") ' expect: True False
'==== [function-IsObject] IsObject
Class C : End Class
Echo IsObject(New C), IsObject(Nothing), IsObject(5), IsObject(TestObject), IsObject(Err) ' expect: True True False True True
'==== [function-TypeName] TypeName
Echo TypeName(1), TypeName("a"), TypeName(Null), TypeName(Array()), TypeName(Now) ' expect: Integer String Null Variant() Date
'==== [function-VarType] VarType
Echo VarType(1), VarType("a"), VarType(Null), VarType(Array()), VarType(Now), VarType(Empty) ' expect: 2 8 1 8204 7 0
'==== [function-Array] Array
a = Array(1, "b", Array(2)) : Echo UBound(a), a(1), a(2)(0), UBound(Array()) ' expect: 2 b 2 -1
'==== [function-LBound] LBound
Dim l(3, 4) : Echo LBound(l), LBound(l, 2), TypeName(LBound(l)) ' expect: 0 0 Long
'==== [function-UBound] UBound
Dim u(3, 4), v() : Echo UBound(u), UBound(u, 2), UBound(Array(1, 2)) ' expect: 3 4 1
On Error Resume Next
x = UBound(u, 3) : Echo Err.Number, Err.Description ' expect: 9 Subscript out of range
Err.Clear : x = UBound(5) : Echo Err.Number ' expect: 13
Err.Clear : x = UBound(v) : Echo Err.Number ' expect: 9
'==== [function-CreateObject] CreateObject
Set o = CreateObject("test.OBJECT") : Echo TypeName(o) ' expect: TestObject
Echo TypeName(CreateObject("VBScript.RegExp")) ' expect: IRegExp2
Set x = CreateObject("Bad.ProgId") ' expect error: 429 ActiveX component can't create object: 'Bad.ProgId'
'==== [function-GetObject] GetObject
On Error Resume Next
Set x = GetObject("winmgmts:") : Echo Err.Number ' expect: 429
'==== [function-GetRef] GetRef
Function F(a, b) : F = a + b : End Function
Function G : G = 42 : End Function
Sub S(ByRef a) : a = 5 : End Sub
Set r = GetRef("f") : Echo r(1, 2), TypeName(r), IsObject(r) ' expect: 3 Object True
Set r = GetRef("G") : Echo r(), r ' expect: 42 42
x = r : Echo x ' expect: 42
Set r = GetRef("S") : r n : Echo n ' expect: 5
Function CallIt(fn) : CallIt = fn(3, 4) : End Function
Echo CallIt(GetRef("F")) ' expect: 7
On Error Resume Next
Set r = GetRef("None") : Echo Err.Number ' expect: 5
Err.Clear : Set r = GetRef(123) : Echo Err.Number ' expect: 13
'==== [function-Eval] Eval
Echo Eval("1 + 2 * 3"), TypeName(Eval("CLng(1)")) ' expect: 7 Long
'==== [function-Execute] Execute
Execute "Dim q : q = 3" : Echo q ' expect: 3
'==== [function-ExecuteGlobal] ExecuteGlobal
ExecuteGlobal "Class Made : Public V : End Class"
Set m = Eval("New Made") : m.V = 2 : Echo m.V, TypeName(m) ' expect: 2 Made
'==== [function-Err] Err
Echo Err.Number, TypeName(Err) ' expect: 0 Object
'==== [function-MsgBox] MsgBox answers OK where nobody can press
Echo MsgBox("hello", vbYesNo, "title") ' expect: 1
'==== [function-InputBox] InputBox answers Empty where nobody can type
Echo IsEmpty(InputBox("name?")) ' expect: True
'==== [function-GetLocale] GetLocale
Echo GetLocale, TypeName(GetLocale()) ' expect: 1033 Long
'==== [function-SetLocale] SetLocale
Echo SetLocale(1031), GetLocale, 1.5, SetLocale("en-us"), 1.5, SetLocale(2057), SetLocale(0), GetLocale ' expect: 1033 1031 1.5 1031 1.5 1033 2057 1033
On Error Resume Next
x = SetLocale(99999) : Echo Err.Number, GetLocale ' expect: 447 1033
'==== [function-ScriptEngine] ScriptEngine
Echo ScriptEngine, ScriptEngine() ' expect: VBScript VBScript
'==== [function-ScriptEngineMajorVersion] ScriptEngineMajorVersion
Echo ScriptEngineMajorVersion ' expect: 5
'==== [function-ScriptEngineMinorVersion] ScriptEngineMinorVersion
Echo ScriptEngineMinorVersion ' expect: 8
'==== [function-ScriptEngineBuildVersion] ScriptEngineBuildVersion
Echo ScriptEngineBuildVersion > 0 ' expect: True
'==== [function-RGB] RGB
Echo RGB(1, 2, 3), RGB(255, 255, 255), RGB(300, 0, 0) ' expect: 197121 16777215 255
'==== [function-QBColor] QBColor
Echo QBColor(4), QBColor(15) ' expect: 128 16777215
On Error Resume Next
x = QBColor(16) : Echo Err.Number ' expect: 5
'==== [function-LoadPicture] LoadPicture
Echo LoadPicture() Is Nothing ' expect: True
On Error Resume Next
Set p = LoadPicture("x.bmp") : Echo Err.Number ' expect: 481
'==== [function-FormatNumber] FormatNumber
Echo FormatNumber(1234.5), FormatNumber(1234.567, 1), FormatNumber(-1234.5, 2, , True), FormatNumber(-.5, 2, 0, -1), FormatNumber(1234567, 0), FormatNumber(0.5, 0) ' expect: 1,234.50 1,234.6 (1,234.50) (.50) 1,234,567 1
Echo FormatNumber(1234.5, 2, , , False), FormatNumber(-0.001, 2), FormatNumber("12.5", 1), FormatNumber(0.125, 2), FormatNumber(2.5, 0), FormatNumber(1E15, 0) ' expect: 1234.50 0.00 12.5 0.13 3 1,000,000,000,000,000
'==== [function-FormatCurrency] FormatCurrency
Echo FormatCurrency(1234.567), FormatCurrency(-1234.5), FormatCurrency(-1234.5, 2, , False), FormatCurrency(0.5, 2, False) ' expect: $1,234.57 ($1,234.50) -$1,234.50 $.50
'==== [function-FormatPercent] FormatPercent
Echo FormatPercent(.256), FormatPercent(0.5, 0), FormatPercent(-0.1234, 1), FormatPercent(12.5) ' expect: 25.60% 50% -12.3% 1,250.00%
'==== [function-FormatDateTime] FormatDateTime
d = #1/2/2003 4:05:06 PM#
Echo FormatDateTime(d), FormatDateTime(d, 1), FormatDateTime(d, 2), FormatDateTime(d, 3), FormatDateTime(d, 4) ' expect: 1/2/2003 4:05:06 PM Thursday, January 2, 2003 1/2/2003 4:05:06 PM 16:05
On Error Resume Next
x = FormatDateTime(d, 5) : Echo Err.Number ' expect: 5
