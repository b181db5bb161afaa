' Housekeeping: archives old files, deletes empty folders, keeps a log of what was done, and can be run dry.
Option Explicit
Dim fso, log, dry, done, failed
Set fso = CreateObject("Scripting.FileSystemObject")
Prepare

For Each dry In Array(True, False)
  done = 0 : failed = 0
  Set log = New LogFile
  log.Open "C:\data\housekeeping.log"
  log.Info "run, dry=" & dry
  CleanFolder fso.GetFolder("C:\data\spool"), 0
  RemoveEmpty fso.GetFolder("C:\data\spool")
  log.Info "done " & done & ", failed " & failed
  Set log = Nothing
Next

Dim line, file, number
Set file = fso.OpenTextFile("C:\data\housekeeping.log")
Do Until file.AtEndOfStream
  line = file.ReadLine
  number = number + 1
  WScript.Echo Right("0" & number, 2) & " " & Mid(line, InStr(line, "] ") + 2)
Loop
file.Close
Show fso.GetFolder("C:\data\spool"), ""
Show fso.GetFolder("C:\data\archive"), ""

Class LogFile
  Private stream_
  Public Sub Open(path)
    Set stream_ = fso.OpenTextFile(path, 8, True)
  End Sub
  Public Sub Info(text)
    stream_.WriteLine "[" & FormatDateTime(Now, vbShortTime) & "] " & text
  End Sub
  Private Sub Class_Terminate
    stream_.WriteLine "[end] closed"
    stream_.Close
  End Sub
End Class

Sub Prepare
  Dim name, path
  fso.CreateFolder "C:\data\spool"
  fso.CreateFolder "C:\data\archive"
  For Each name In Array("a", "a\deep", "b", "b\empty", "c")
    fso.CreateFolder fso.BuildPath("C:\data\spool", name)
  Next
  For Each path In Array("one.eml", "two.tmp", "a\three.eml", "a\deep\four.bak", "a\deep\locked.tmp", "c\keep.txt", "c\FIVE.EML")
    With fso.CreateTextFile("C:\data\spool\" & path)
      .Write path
      .Close
    End With
  Next
  fso.GetFile("C:\data\spool\a\deep\locked.tmp").Attributes = 1
End Sub

Sub CleanFolder(folder, depth)
  Dim file, inner
  For Each file In folder.Files
    Select Case LCase(fso.GetExtensionName(file.Name))
      Case "eml"
        Act "archive", file
      Case "tmp", "bak"
        Act "delete", file
      Case Else
        log.Info Space(depth * 2) & "keep " & file.Name
    End Select
  Next
  For Each inner In folder.SubFolders
    CleanFolder inner, depth + 1
  Next
End Sub

Sub Act(verb, file)
  Dim name
  name = file.Name
  If dry Then
    log.Info "would " & verb & " " & name
    done = done + 1
    Exit Sub
  End If
  On Error Resume Next
  If verb = "archive" Then file.Move "C:\data\archive\" Else file.Delete
  If Err.Number = 0 Then
    log.Info verb & " " & name
    done = done + 1
  Else
    log.Info "cannot " & verb & " " & name & ": " & Err.Description
    failed = failed + 1
  End If
End Sub

' True when nothing is left in the folder.
Function RemoveEmpty(folder)
  Dim inner, names, name
  names = ""
  For Each inner In folder.SubFolders
    names = names & inner.Path & "|"
  Next
  For Each name In Split(names, "|")
    If name <> "" Then
      If RemoveEmpty(fso.GetFolder(name)) Then
        If dry Then
          log.Info "would remove " & name
        Else
          fso.DeleteFolder name
          log.Info "remove " & name
        End If
      End If
    End If
  Next
  RemoveEmpty = folder.Files.Count = 0 And folder.SubFolders.Count = 0
End Function

Sub Show(folder, indent)
  Dim file, inner
  WScript.Echo indent & folder.Name & " (" & folder.Files.Count & " files, " & folder.Size & " bytes)"
  For Each file In folder.Files : WScript.Echo indent & "  " & file.Name : Next
  For Each inner In folder.SubFolders : Show inner, indent & "  " : Next
End Sub
