' Nightly report: reads the settings (INI), the orders (CSV) and yesterday's log, and writes the mail that tells of them.
Option Explicit
Const ForReading = 1, ForWriting = 2, ForAppending = 8
Dim fso, settings, orders, counts, body, message
Set fso = CreateObject("Scripting.FileSystemObject")

' What the machine would have: made here, so that the program stands alone.
WriteLines "report.ini", Array("; settings of the report", "[mail]", "from=report@example.test", "to = ann@example.test; bob@example.test", "", "[report]", "title=Orders of the day", "currency=EUR", "limit = 100")
WriteLines "orders.csv", Array("id,customer,amount,placed", "1,""Miller, Ann"",12.50,2003-01-02", "2,Bob,199.99,2003-01-02", "3,""The """"Shop"""""",1000,2003-01-02", "4,Cid,,2003-01-02", "5,Bob,0.51,2003-01-02")
WriteLines "app.log", Array("2003-01-02 00:00:01 INFO start", "2003-01-02 03:10:00 ERROR disk full", "2003-01-02 03:11:00 WARN retry", "2003-01-02 03:12:00 ERROR disk full", "", "garbage")

Set settings = ReadIni("report.ini")
Set orders = ReadCsv("orders.csv")
Set counts = CountLevels("app.log")

body = settings("report.title") & vbCrLf & String(Len(settings("report.title")), "=") & vbCrLf & vbCrLf
body = body & OrderTable(orders, settings("report.currency"), CDbl(settings("report.limit")))
body = body & vbCrLf & "Log: " & Summary(counts) & vbCrLf

Set message = CreateObject("CDO.Message")
message.From = settings("mail.from")
Dim address, list
For Each address In Split(settings("mail.to"), ";")
  If list <> "" Then list = list & ", "
  list = list & Trim(address)
Next
message.To = list
message.Subject = settings("report.title") & " (" & orders.Count & ")"
message.TextBody = body
message.AddAttachment "C:\data\orders.csv"
WScript.Echo "From: " & message.From
WScript.Echo "To: " & message.To
WScript.Echo "Subject: " & message.Subject
WScript.Echo "Attachments: " & message.Attachments.Count & " " & message.Attachments(1).FileName
WScript.StdOut.Write message.TextBody

Sub WriteLines(name, lines)
  Dim file, line
  Set file = fso.OpenTextFile(name, ForWriting, True)
  For Each line In lines
    file.WriteLine line
  Next
  file.Close
End Sub

Function ReadIni(name)
  Dim file, line, section, at, result
  Set result = CreateObject("Scripting.Dictionary")
  result.CompareMode = vbTextCompare
  Set file = fso.OpenTextFile(name, ForReading)
  Do Until file.AtEndOfStream
    line = Trim(file.ReadLine)
    If line = "" Or Left(line, 1) = ";" Then
      ' nothing
    ElseIf Left(line, 1) = "[" And Right(line, 1) = "]" Then
      section = Mid(line, 2, Len(line) - 2)
    Else
      at = InStr(line, "=")
      If at > 0 Then result(section & "." & Trim(Left(line, at - 1))) = Trim(Mid(line, at + 1))
    End If
  Loop
  file.Close
  Set ReadIni = result
End Function

Function ReadCsv(name)
  Dim file, fields, names, row, at, result
  Set result = CreateObject("Scripting.Dictionary")
  Set file = fso.OpenTextFile(name, ForReading)
  names = CsvFields(file.ReadLine)
  While Not file.AtEndOfStream
    fields = CsvFields(file.ReadLine)
    Set row = CreateObject("Scripting.Dictionary")
    For at = 0 To UBound(names)
      row.Add names(at), fields(at)
    Next
    result.Add row("id"), row
  Wend
  file.Close
  Set ReadCsv = result
End Function

' One line of CSV; quotes may hold commas and doubled quotes.
Function CsvFields(line)
  Dim fields(), count, at, letter, text, quoted
  count = -1
  at = 1
  Do While at <= Len(line) + 1
    letter = Mid(line, at, 1)
    If quoted Then
      If letter = """" And Mid(line, at + 1, 1) = """" Then
        text = text & """"
        at = at + 1
      ElseIf letter = """" Then
        quoted = False
      Else
        text = text & letter
      End If
    ElseIf letter = """" Then
      quoted = True
    ElseIf letter = "," Or letter = "" Then
      count = count + 1
      ReDim Preserve fields(count)
      fields(count) = text
      text = ""
    Else
      text = text & letter
    End If
    at = at + 1
  Loop
  CsvFields = fields
End Function

Function OrderTable(orders, currency_, limit)
  Dim id, sum, row, mark, bad, text
  sum = 0
  For Each id In orders.Keys
    Set row = orders(id)
    If IsNumeric(row("amount")) Then
      mark = ""
      If CDbl(row("amount")) > limit Then mark = "  !"
      text = text & Right("   " & id, 3) & "  " & Left(row("customer") & Space(14), 14) & Right(Space(10) & FormatNumber(row("amount"), 2), 10) & mark & vbCrLf
      sum = sum + CCur(row("amount"))
    Else
      bad = bad & " " & id
    End If
  Next
  text = text & String(29, "-") & vbCrLf & "     Sum" & Right(Space(21) & FormatNumber(sum, 2), 21) & " " & currency_ & vbCrLf
  If bad <> "" Then text = text & "Without an amount:" & bad & vbCrLf
  OrderTable = text
End Function

Function CountLevels(name)
  Dim file, parts, result
  Set result = CreateObject("Scripting.Dictionary")
  Set file = fso.OpenTextFile(name)
  Do Until file.AtEndOfStream
    parts = Split(file.ReadLine, " ", 4)
    If UBound(parts) >= 2 Then result(parts(2)) = result(parts(2)) + 1 Else result("?") = result("?") + 1
  Loop
  Set CountLevels = result
End Function

Function Summary(counts)
  Dim level
  For Each level In counts
    If Summary <> "" Then Summary = Summary & ", "
    Summary = Summary & counts(level) & " " & level
  Next
End Function
