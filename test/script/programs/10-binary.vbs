' Binary files by ADODB.Stream: a small bitmap is written and read back, its bytes are dumped, hashed, encoded and compared.
Option Explicit
Const adTypeBinary = 1, adTypeText = 2, adSaveCreateOverWrite = 2
Dim bytes, again, text, position
SaveBytes "C:\data\dot.bmp", FromHex(Bitmap(2, 2, "0000FF 00FF00 FF0000 FFFFFF"))
bytes = LoadBytes("C:\data\dot.bmp")
WScript.Echo TypeName(bytes) & " of " & LenB(bytes) & ", magic " & Chr(AscB(MidB(bytes, 1, 1))) & Chr(AscB(MidB(bytes, 2, 1)))
WScript.Echo "size field " & Number(bytes, 3, 4) & ", width " & Number(bytes, 19, 4) & ", height " & Number(bytes, 23, 4) & ", bits " & Number(bytes, 29, 2)
For position = 1 To LenB(bytes) Step 16
  WScript.Echo Dump(bytes, position, 16)
Next
text = Base64(bytes)
WScript.Echo Replace(text, vbLf, "|")
again = FromBase64(text)
WScript.Echo "same: " & Same(bytes, again) & ", check " & Adler(again)
SaveBytes "C:\data\copy.bmp", again
Patch "C:\data\copy.bmp", 54, "00"
WScript.Echo "patched differs at " & FirstDifference(bytes, LoadBytes("C:\data\copy.bmp"))
WScript.Echo "files: " & CreateObject("Scripting.FileSystemObject").GetFile("C:\data\copy.bmp").Size
WScript.Echo "text: " & Charsets("Grüße €")
WScript.Echo "line ends: " & Lines("a" & vbCrLf & "b" & vbLf & "c")

Function Little(value, count)
  Dim n
  For n = 1 To count
    Little = Little & Right("0" & Hex(value Mod 256), 2)
    value = value \ 256
  Next
End Function

Function Bitmap(width, height, pixels)
  Dim rows, row, x, parts, data
  parts = Split(pixels, " ")
  For row = height - 1 To 0 Step -1
    For x = 0 To width - 1
      data = data & parts(row * width + x)
    Next
    data = data & String((4 - (width * 3) Mod 4) Mod 4 * 2, "0")
  Next
  Bitmap = "424D" & Little(54 + Len(data) \ 2, 4) & Little(0, 4) & Little(54, 4) & Little(40, 4) & Little(width + 0, 4) & Little(height + 0, 4) & Little(1, 2) & Little(24, 2) & Little(0, 4) & Little(Len(data) \ 2, 4) & Little(2835, 4) & Little(2835, 4) & Little(0, 4) & Little(0, 4) & data
End Function

Function FromHex(text)
  With CreateObject("MSXML2.DOMDocument").createElement("x")
    .dataType = "bin.hex"
    .text = text
    FromHex = .nodeTypedValue
  End With
End Function

Function Base64(bytes)
  With CreateObject("MSXML2.DOMDocument").createElement("x")
    .dataType = "bin.base64"
    .nodeTypedValue = bytes
    Base64 = .text
  End With
End Function

Function FromBase64(text)
  With CreateObject("MSXML2.DOMDocument").createElement("x")
    .dataType = "bin.base64"
    .text = text
    FromBase64 = .nodeTypedValue
  End With
End Function

Sub SaveBytes(path, bytes)
  With CreateObject("ADODB.Stream")
    .Type = adTypeBinary
    .Open
    .Write bytes
    .SaveToFile path, adSaveCreateOverWrite
    .Close
  End With
End Sub

Function LoadBytes(path)
  With CreateObject("ADODB.Stream")
    .Type = adTypeBinary
    .Open
    .LoadFromFile path
    LoadBytes = .Read
    .Close
  End With
End Function

Sub Patch(path, offset, hexText)
  With CreateObject("ADODB.Stream")
    .Type = adTypeBinary
    .Open
    .LoadFromFile path
    .Position = offset
    .Write FromHex(hexText)
    .SaveToFile path, adSaveCreateOverWrite
  End With
End Sub

Function Number(bytes, at, count)
  Dim n
  For n = count - 1 To 0 Step -1
    Number = Number * 256 + AscB(MidB(bytes, at + n, 1))
  Next
End Function

Function Dump(bytes, from, count)
  Dim n, code, letters
  Dump = Right("000" & Hex(from - 1), 4) & " "
  For n = from To from + count - 1
    If n > LenB(bytes) Then Exit For
    code = AscB(MidB(bytes, n, 1))
    Dump = Dump & " " & Right("0" & Hex(code), 2)
    If code >= 32 And code < 127 Then letters = letters & Chr(code) Else letters = letters & "."
  Next
  Dump = Left(Dump & Space(60), 54) & letters
End Function

Function Adler(bytes)
  Dim a, b, n
  a = 1 : b = 0
  For n = 1 To LenB(bytes)
    a = (a + AscB(MidB(bytes, n, 1))) Mod 65521
    b = (b + a) Mod 65521
  Next
  Adler = Right("000" & Hex(b), 4) & Right("000" & Hex(a), 4)
End Function

Function Same(a, b) : Same = FirstDifference(a, b) = 0 : End Function
Function FirstDifference(a, b)
  Dim n
  FirstDifference = 0
  For n = 1 To LenB(a)
    If AscB(MidB(a, n, 1)) <> AscB(MidB(b, n, 1)) Then FirstDifference = n : Exit Function
  Next
End Function

Function Charsets(text)
  Dim charset, s
  For Each charset In Array("utf-8", "iso-8859-1", "windows-1252", "unicode", "us-ascii")
    Set s = CreateObject("ADODB.Stream")
    s.Type = adTypeText : s.Charset = charset : s.Open
    s.WriteText text
    Charsets = Charsets & charset & "=" & s.Size
    s.Position = 0
    If s.ReadText = text Then Charsets = Charsets & "+ " Else Charsets = Charsets & "- "
  Next
  Charsets = Trim(Charsets)
End Function

Function Lines(text)
  Dim s, separator, count
  For Each separator In Array(-1, 10, 13)
    Set s = CreateObject("ADODB.Stream")
    s.Type = adTypeText : s.Charset = "us-ascii" : s.LineSeparator = separator : s.Open
    s.WriteText text : s.Position = 0
    count = 0
    Do Until s.EOS
      count = count + 1
      s.SkipLine
    Loop
    Lines = Lines & separator & ":" & count & " "
  Next
  Lines = Trim(Lines)
End Function
