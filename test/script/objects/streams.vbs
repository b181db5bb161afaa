' TextStream of files and of the standard streams; ADODB.Stream.
'==== TextStream: reading
Set fso = CreateObject("Scripting.FileSystemObject")
Set w = fso.CreateTextFile("a.txt", True) : w.Write "one" & vbCrLf & "two, three" & vbLf & vbCrLf & "last" : w.Close
Set r = fso.OpenTextFile("a.txt") : Echo TypeName(r), r.Line, r.Column, r.AtEndOfStream, r.AtEndOfLine ' expect: TextStream 1 1 False False
Echo r.Read(2), r.Line, r.Column, r.ReadLine, r.Line, r.Column ' expect: on 1 3 e 2 1
r.Skip 4 : Echo r.Read(1), r.Column ' expect:   6
r.SkipLine : Echo r.Line, r.AtEndOfLine, "[" & r.ReadLine & "]", r.Line ' expect: 3 True [] 4
Echo r.ReadLine, r.AtEndOfStream, r.AtEndOfLine ' expect: last True True
r.Close
Set r = fso.OpenTextFile("a.txt", 1) : t = r.ReadAll : r.Close : Echo Len(t), Right(t, 4) ' expect: 22 last
n = 0 : Set r = fso.OpenTextFile("a.txt")
Do Until r.AtEndOfStream : line = r.ReadLine : n = n + 1 : Loop
Echo n, r.Line ' expect: 4 4
Set r = fso.OpenTextFile("a.txt") : While Not r.AtEndOfStream : s = s & r.Read(5) & "|" : Wend : Echo Len(s) ' expect: 27
'==== TextStream: writing
Set fso = CreateObject("Scripting.FileSystemObject")
Set w = fso.OpenTextFile("b.txt", 2, True)
w.WriteLine "a" : w.WriteLine : w.WriteBlankLines 2 : w.Write 12 : w.Write 1.5 : w.Write True : w.WriteLine #1/2/2003 4:05:06 PM# : w.WriteLine Empty
Echo w.Line, w.Column ' expect: 7 1
w.Close
Echo Replace(fso.OpenTextFile("b.txt").ReadAll, vbCrLf, "¶") ' expect: a¶¶¶¶121.5True1/2/2003 4:05:06 PM¶¶
Set w = fso.OpenTextFile("b.txt", 8) : w.Write "end" : Echo w.Line, w.Column : w.Close ' expect: 1 4
Set w = fso.OpenTextFile("b.txt", 2) : w.Close : Echo fso.GetFile("b.txt").Size ' expect: 0
Set w = fso.CreateTextFile("u.txt", True, True) : w.Write "Ωmega" : w.Close
Echo fso.GetFile("u.txt").Size, fso.OpenTextFile("u.txt", 1, False, -1).ReadAll, fso.OpenTextFile("u.txt", 1, False, -2).ReadAll, Len(fso.OpenTextFile("u.txt").ReadAll) ' expect: 12 Ωmega Ωmega 12
Set w = fso.OpenTextFile("u.txt", 8, False, -1) : w.Write "!" : w.Close : Echo fso.OpenTextFile("u.txt", 1, False, -1).ReadAll ' expect: Ωmega!
Set w = fso.CreateTextFile("l.txt") : w.Write "é€" : w.Close : Echo fso.GetFile("l.txt").Size, fso.OpenTextFile("l.txt").ReadAll ' expect: 2 é€
With fso.CreateTextFile("w.txt") : .WriteLine "in With" : .Close : End With : Echo fso.OpenTextFile("w.txt").ReadLine ' expect: in With
'==== TextStream: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
Set r = fso.OpenTextFile("none.txt") : Echo E ' expect: 53
Set r = fso.OpenTextFile("C:\none\none.txt", 2, True) : Echo E ' expect: 76
Set r = fso.OpenTextFile("C:\data") : Echo E ' expect: 53
Set r = fso.OpenTextFile("x.txt", 2) : Echo E ' expect: 53
Set r = fso.OpenTextFile("x.txt", 8) : Echo E ' expect: 53
Set r = fso.OpenTextFile("x.txt", 5) : Echo E ' expect: 5
Set r = fso.OpenTextFile("x.txt", 1, False, 7) : Echo E ' expect: 5
Set r = fso.OpenTextFile("x.txt", "r") : Echo E ' expect: 13
Set r = fso.OpenTextFile("") : Echo E ' expect: 52
Set r = fso.OpenTextFile : Echo E ' expect: 450
Set r = fso.OpenTextFile(Null) : Echo E ' expect: 13
Set w = fso.CreateTextFile("x.txt") : Echo E ' expect: 0
Set w2 = fso.CreateTextFile("x.txt", False) : Echo E ' expect: 58
Echo w.ReadLine : Echo E ' expect: 54
Echo w.AtEndOfStream : Echo E ' expect: 54
w.Write : Echo E ' expect: 450
w.Write Null : Echo E ' expect: 13
w.Write Array(1) : Echo E ' expect: 13
w.Write fso : Echo E ' expect: 438
w.Write Nothing : Echo E ' expect: 13
w.WriteLine "a", "b" : Echo E, fso.GetFile("x.txt").Size ' expect: 450 0
w.Write ChrW(937) : Echo E ' expect: 5
w.Line = 3 : Echo E ' expect: 438
w.Close : Echo E ' expect: 0
w.Close : Echo E ' expect: 0
w.Write "x" : Echo E ' expect: 91
Set r = fso.OpenTextFile("x.txt") : Echo r.AtEndOfStream, E ' expect: True 0
Echo r.ReadLine : Echo E ' expect: 62
Echo r.ReadAll : Echo E ' expect: 62
Echo r.Read(1) : Echo E ' expect: 62
Echo "[" & r.Read(0) & "]", E ' expect: [] 0
Echo r.Read(-1) : Echo E ' expect: 5
r.Skip 1 : Echo E ' expect: 62
r.SkipLine : Echo E ' expect: 62
r.WriteLine "x" : Echo E ' expect: 54
r.Close : Echo r.ReadLine : Echo E ' expect: 91
'==== An object with a default value is written by it
Class Note : Public Default Property Get Text : Text = "noted" : End Property : End Class
Set fso = CreateObject("Scripting.FileSystemObject")
Set w = fso.CreateTextFile("n.txt") : w.Write New Note : w.Write fso.GetFile("n.txt") : w.Close
Echo fso.OpenTextFile("n.txt").ReadAll ' expect: notedC:\data\n.txt
'==== StdIn, StdOut, StdErr
Echo TypeName(WScript.StdIn), WScript.StdIn.ReadLine, WScript.StdIn.Line, WScript.StdIn.AtEndOfStream ' expect: TextStream one 2 False
Echo WScript.StdIn.Read(3), Replace(WScript.StdIn.ReadAll, vbCrLf, "|") ' expect: two , three|last
'==== StdIn: line by line to its end
Do Until WScript.StdIn.AtEndOfStream : s = s & "[" & WScript.StdIn.ReadLine & "]" : Loop
Echo s ' expect: [one][two, three][last]
On Error Resume Next
x = WScript.StdIn.ReadLine : Echo Err.Number ' expect: 62
'==== StdOut and StdErr: numbers and dates as text
WScript.StdOut.Write "a" : WScript.StdOut.Write 1.5 : WScript.StdOut.WriteLine : WScript.StdOut.WriteBlankLines 2
WScript.StdOut.WriteLine 5 & "%" : WScript.StdErr.WriteLine "bad"
Echo Printed ' expect: a1.5¶¶¶5%¶!bad¶
Set out = WScript.StdOut : out.WriteLine "x" : Echo Printed ' expect: x¶
On Error Resume Next
WScript.StdOut.Write : Echo Err.Number : Err.Clear ' expect: 450
WScript.StdOut.Write Null : Echo Err.Number : Err.Clear ' expect: 13
WScript.StdOut = 5 : Echo Err.Number : Err.Clear ' expect: 438
x = WScript.StdOut.ReadLine : Echo Err.Number : Err.Clear ' expect: 54
Set f = CreateObject("Scripting.FileSystemObject").GetStandardStream(1) : Echo Err.Number, TypeName(f) ' expect: 5 Empty
'==== ADODB.Stream: text
Set s = CreateObject("ADODB.Stream")
Echo TypeName(s), s.State, s.Type, s.Mode, s.LineSeparator, s.Charset ' expect: Stream 0 2 0 -1 Unicode
s.Open : s.Charset = "utf-8" : s.WriteText "Ωmega" : Echo s.Size, s.Position, s.EOS ' expect: 9 9 True
s.Position = 0 : Echo s.ReadText, s.EOS ' expect: Ωmega True
s.Position = 0 : Echo s.ReadText(2), s.ReadText(-1) ' expect: Ωm ega
s.WriteText "line", 1 : s.WriteText "next", 1 : s.Position = 0 : Echo s.ReadText(-2), s.ReadText(-2), s.EOS ' expect: Ωmegaline next True
s.LineSeparator = 10 : s.Position = 0 : s.SetEOS : s.WriteText "a", 1 : s.WriteText "b", 1 : Echo s.Size ' expect: 7
s.Position = 0 : s.SkipLine : Echo s.ReadText(-2), s.EOS ' expect: b True
s.SaveToFile "t.txt" : s.Close : Echo s.State ' expect: 0
s.Open : s.LoadFromFile "t.txt" : Echo s.ReadText(-2), s.Size : s.Close ' expect: a 7
s.Type = 1 : s.Open : s.LoadFromFile "t.txt" : b = s.Read : Echo TypeName(b), LenB(b), AscB(MidB(b, 1, 1)), Hex(AscB(MidB(b, 4, 1))) ' expect: Byte() 7 239 61
s.Position = 3 : b = s.Read(2) : Echo LenB(b), IsNull(s.Read(0)) ' expect: 2 True
s.Position = 7 : Echo IsNull(s.Read) ' expect: True
'==== ADODB.Stream: binary to text and back, CopyTo
Set s = CreateObject("ADODB.Stream") : s.Type = 2 : s.Charset = "us-ascii" : s.Open : s.WriteText "Hello, World"
s.Position = 0 : s.Type = 1 : b = s.Read : Echo LenB(b) ' expect: 12
Set t = CreateObject("ADODB.Stream") : t.Type = 1 : t.Open : t.Write b : t.Position = 0 : t.Type = 2 : t.Charset = "us-ascii" : Echo t.ReadText ' expect: Hello, World
Set c = CreateObject("ADODB.Stream") : c.Type = 2 : c.Charset = "us-ascii" : c.Open
t.Position = 7 : t.CopyTo c : c.Position = 0 : Echo c.ReadText, t.EOS ' expect: World True
t.Position = 0 : t.CopyTo c, 5 : c.Position = 0 : Echo c.ReadText ' expect: WorldHello
c.Flush : c.SetEOS : Echo c.Size ' expect: 10
c.Position = 2 : c.SetEOS : Echo c.Size ' expect: 2
'==== ADODB.Stream: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set s = CreateObject("ADODB.Stream")
s.WriteText "x" : Echo E ' expect: 3704
Echo s.Size : Echo E ' expect: 3704
s.Close : Echo E ' expect: 3704
s.Open : s.Open : Echo E ' expect: 3705
s.Type = 1 : Echo E ' expect: 0
s.WriteText "x" : Echo E ' expect: 3219
s.Type = 9 : Echo E ' expect: 3001
s.Position = -1 : Echo E ' expect: 3001
s.LoadFromFile "none.bin" : Echo E ' expect: 3002
s.SaveToFile "C:\none\x.bin" : Echo E ' expect: 3004
s.SaveToFile "x.bin" : Echo E ' expect: 0
s.SaveToFile "x.bin" : Echo E ' expect: 3004
s.SaveToFile "x.bin", 2 : Echo E ' expect: 0
s.ReadText 1, 2, 3 : Echo E ' expect: 450
s.Bogus : Echo E ' expect: 438
'==== ADODB.Stream: the mark at the beginning is no part of the text
For Each c In Array("unicode", "utf-16", "utf-8")
  Set s = CreateObject("ADODB.Stream") : s.Charset = c : s.Open : s.WriteText "Ωx" : s.Position = 0
  a = s.ReadText : s.Position = 0 : b = s.ReadText(2) : s.Position = 0
  Echo a = "Ωx", b = "Ωx", s.ReadText(-2) = "Ωx", s.Size ' expect: True True True 6 | True True True 6 | True True True 6
Next
