' Reads the log of a web server in the W3C format, sums it up by page, client, hour and status, and prints tables.
Option Explicit
Dim log, page, rows
Set log = New WebLog
Prepare
log.Read "C:\data\ex030102.log"
WScript.Echo log.Hits & " hits, " & log.Bytes & " bytes, " & log.Skipped & " lines skipped"
Table "Pages", log.ByPage, 3
Table "Clients", log.ByClient, 2
Table "Status", log.ByStatus, 0
Bars "Hours", log.ByHour
WScript.Echo "slowest: " & log.SlowestPage & " " & log.Slowest & " ms"
WScript.Echo "queries: " & Join(log.Terms, ", ")
WScript.Echo Html(log.ByStatus)

Sub Prepare
  Dim lines, f
  lines = Array("#Software: Microsoft Internet Information Services 6.0", "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes time-taken cs(User-Agent)", _
    "2003-01-02 08:00:01 10.0.0.1 GET /default.asp - 200 1200 15 Mozilla/4.0+(compatible)", _
    "2003-01-02 08:15:01 10.0.0.2 GET /mail.asp id=7&q=hello+world 200 800 230 Mozilla/4.0", _
    "2003-01-02 09:00:00 10.0.0.1 POST /mail.asp - 302 0 512 Mozilla/4.0", _
    "2003-01-02 09:30:00 10.0.0.3 GET /Default.asp q=VBScript%20%26%20mail 200 1200 14 curl", _
    "garbage", _
    "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes time-taken", _
    "2003-01-02 23:59:59 10.0.0.1 GET /missing.htm - 404 300 2", _
    "2003-01-02 23:59:59 10.0.0.9 GET /mail.asp q= 500 - 1999")
  With CreateObject("Scripting.FileSystemObject")
    Set f = .OpenTextFile("C:\data\ex030102.log", 2, True)
    f.Write Join(lines, vbCrLf)
    f.Close
  End With
End Sub

Class WebLog
  Public Hits, Bytes, Skipped, ByPage, ByClient, ByStatus, ByHour, Slowest, SlowestPage
  Private columns_, terms_

  Private Sub Class_Initialize
    Hits = 0 : Bytes = 0 : Skipped = 0 : Slowest = -1
    Set ByPage = Counts : Set ByClient = Counts : Set ByStatus = Counts : Set ByHour = Counts
    Set terms_ = Counts
  End Sub

  Private Function Counts
    Set Counts = CreateObject("Scripting.Dictionary")
    Counts.CompareMode = vbTextCompare
  End Function

  Public Sub Read(path)
    Dim stream, line
    Set stream = CreateObject("Scripting.FileSystemObject").OpenTextFile(path)
    Do While Not stream.AtEndOfStream
      line = stream.ReadLine
      If Left(line, 9) = "#Fields: " Then
        Set columns_ = Columns(Split(Mid(line, 10)))
      ElseIf Left(line, 1) <> "#" Then
        Take Split(line)
      End If
    Loop
    stream.Close
  End Sub

  Private Function Columns(names)
    Dim n
    Set Columns = Counts
    For n = 0 To UBound(names) : Columns(names(n)) = n : Next
  End Function

  Private Sub Take(parts)
    Dim page, taken, size
    If UBound(parts) <> columns_.Count - 1 Then Skipped = Skipped + 1 : Exit Sub
    Hits = Hits + 1
    page = parts(columns_("cs-uri-stem"))
    ByPage(page) = ByPage(page) + 1
    Bump ByClient, parts(columns_("c-ip"))
    Bump ByStatus, parts(columns_("sc-status"))
    Bump ByHour, Left(parts(columns_("time")), 2)
    size = parts(columns_("sc-bytes"))
    If IsNumeric(size) Then Bytes = Bytes + CLng(size)
    taken = CLng(parts(columns_("time-taken")))
    If taken > Slowest Then Slowest = taken : SlowestPage = page
    Search parts(columns_("cs-uri-query"))
  End Sub

  Private Sub Bump(counts, key) : counts(key) = counts(key) + 1 : End Sub

  Private Sub Search(query)
    Dim found
    With New RegExp
      .Pattern = "(?:^|&)q=([^&]+)"
      For Each found In .Execute(query)
        terms_(Decoded(found.SubMatches(0))) = True
      Next
    End With
  End Sub

  Private Function Decoded(text)
    Dim found
    Decoded = Replace(text, "+", " ")
    With New RegExp
      .Pattern = "%([0-9a-f]{2})" : .IgnoreCase = True : .Global = True
      For Each found In .Execute(Decoded)
        Decoded = Replace(Decoded, found, Chr("&h" & found.SubMatches(0)))
      Next
    End With
  End Function

  Public Property Get Terms : Terms = terms_.Keys : End Property
End Class

Function Descending(counts)
  Dim keys, i, j, t
  keys = counts.Keys
  For i = 0 To UBound(keys) - 1
    For j = UBound(keys) To i + 1 Step -1
      If counts(keys(j)) > counts(keys(j - 1)) Then t = keys(j) : keys(j) = keys(j - 1) : keys(j - 1) = t
    Next
  Next
  Descending = keys
End Function

Sub Table(title, counts, most)
  Dim key, n
  WScript.Echo title & ":"
  For Each key In Descending(counts)
    n = n + 1
    If most > 0 And n > most Then WScript.Echo "  ... " & counts.Count - most & " more" : Exit For
    WScript.Echo "  " & Left(key & String(16, "."), 16) & Right("    " & counts(key), 4)
  Next
End Sub

Sub Bars(title, counts)
  Dim hour_, key
  WScript.Echo title & ":"
  For hour_ = 0 To 23
    key = Right("0" & hour_, 2)
    If counts.Exists(key) Then WScript.Echo "  " & key & " " & String(counts(key), "#")
  Next
End Sub

Function Html(counts)
  Dim key
  Html = "<table>"
  For Each key In counts
    Html = Html & "<tr" & ClassOf(key) & "><td>" & key & "</td><td align=""right"">" & counts(key) & "</td></tr>"
  Next
  Html = Html & "</table>"
End Function

Function ClassOf(status)
  Select Case status \ 100
    Case 2, 3
    Case 4 : ClassOf = " class='warn'"
    Case Else : ClassOf = " class='bad'"
  End Select
End Function
