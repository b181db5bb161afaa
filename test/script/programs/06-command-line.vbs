' A command line like that of a mailer: switches with values, repeated ones, defaults, checks, and a usage text.
Option Explicit
Dim line
For Each line In Array( _
  "/to:ann@example.test /to:bob@example.test /subject:Hello", _
  "/to:ann@example.test /subject:""two words"" file1.txt ""C:\My Files\b.txt"" /html+", _
  "/priority:5 /to:x@example.test", _
  "/priority:high /to:x@example.test", _
  "/subject:none", _
  "/nonsense:1 /to:x@example.test", _
  "/?", _
  "")
  Run line
Next

Sub Run(text)
  Dim options
  WScript.Echo "> mailer " & text
  Set options = New CommandLine
  options.Define "to", "list", Empty, "Address of a recipient; may be repeated"
  options.Define "subject", "text", "(no subject)", "Subject of the mail"
  options.Define "priority", "number", 3, "1 (high) to 5 (low)"
  options.Define "html", "flag", False, "Send as HTML"
  On Error Resume Next
  options.Parse text
  If Err.Number <> 0 Then
    WScript.Echo "  " & Err.Description
    Exit Sub
  End If
  If options.WantsHelp Then
    WScript.StdOut.Write options.Usage
    Exit Sub
  End If
  WScript.Echo "  to=" & Join(options("to"), "+") & " subject=" & options("subject") & " priority=" & options("priority") & " (" & TypeName(options("priority")) & ") html=" & options("html")
  If options.Rest.Count > 0 Then WScript.Echo "  files: " & Join(options.Rest.Items, " | ")
End Sub

Class CommandLine
  Public Rest, WantsHelp
  Private kinds_, values_, helps_
  Private Sub Class_Initialize
    Set kinds_ = Words : Set values_ = Words : Set helps_ = Words
    Set Rest = CreateObject("Scripting.Dictionary")
    WantsHelp = False
  End Sub
  Private Function Words
    Set Words = CreateObject("Scripting.Dictionary")
    Words.CompareMode = vbTextCompare
  End Function

  Public Sub Define(name, kind, preset, help)
    kinds_.Add name, kind
    helps_.Add name, help
    If kind = "list" Then values_.Add name, Array() Else values_.Add name, preset
  End Sub

  Public Default Property Get Value(name) : Value = values_(name) : End Property

  Public Sub Parse(text)
    Dim word
    For Each word In Cut(text)
      If word = "/?" Then
        WantsHelp = True
      ElseIf Left(word, 1) = "/" Then
        TakeSwitch Mid(word, 2)
      Else
        Rest.Add Rest.Count, word
      End If
    Next
    If Not WantsHelp And UBound(values_("to")) < 0 Then Err.Raise vbObjectError + 1, "mailer", "A recipient is missing: /to:ADDRESS"
  End Sub

  Private Sub TakeSwitch(text)
    Dim parts, name, given, list
    parts = Split(text, ":", 2)
    name = parts(0)
    If UBound(parts) = 1 Then given = parts(1)
    If Right(name, 1) = "+" Or Right(name, 1) = "-" Then
      given = Right(name, 1) = "+"
      name = Left(name, Len(name) - 1)
    End If
    If Not kinds_.Exists(name) Then Err.Raise vbObjectError + 2, "mailer", "There is no switch /" & name
    Select Case kinds_(name)
      Case "list"
        list = values_(name)
        ReDim Preserve list(UBound(list) + 1)
        list(UBound(list)) = given
        values_(name) = list
      Case "number"
        If Not IsNumeric(given) Then Err.Raise vbObjectError + 3, "mailer", "/" & name & " wants a number, not '" & given & "'"
        values_(name) = CInt(given)
      Case "flag"
        If IsEmpty(given) Then given = True
        values_(name) = CBool(given)
      Case Else
        values_(name) = given
    End Select
  End Sub

  ' Words between blanks; quotes keep blanks together.
  Private Function Cut(text)
    Dim r, found, list, at
    Set r = New RegExp
    r.Global = True
    r.Pattern = "(?:""[^""]*""|[^\s""]+)+"
    list = Array()
    For Each found In r.Execute(text)
      ReDim Preserve list(at)
      list(at) = Replace(found.Value, """", "")
      at = at + 1
    Next
    Cut = list
  End Function

  Public Property Get Usage
    Dim name
    Usage = "  mailer /to:ADDRESS [options] [files]" & vbCrLf
    For Each name In helps_
      Usage = Usage & "  /" & Left(name & Space(10), 10) & helps_(name) & vbCrLf
    Next
  End Property
End Class
