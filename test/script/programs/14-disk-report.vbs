' A disk report: sizes by folder and by kind, largest files, names that are there twice, and what a quota would say.
Option Explicit
Const Quota = 6000
Dim fso, kinds, files, folders, twice, drive
Set fso = CreateObject("Scripting.FileSystemObject")
Set kinds = CreateObject("Scripting.Dictionary")
Set twice = CreateObject("Scripting.Dictionary")
twice.CompareMode = 1
Set folders = CreateObject("Scripting.Dictionary")
files = Array()
Prepare

Walk fso.GetFolder("C:\data\share")
WScript.Echo "Folders"
Dim path
For Each path In folders.Keys
  WScript.Echo "  " & Right(Space(8) & FormatNumber(folders(path), 0), 8) & "  " & path
Next
WScript.Echo "Kinds"
Dim kind
For Each kind In SortedKeys(kinds)
  WScript.Echo "  " & Left(kind & Space(10), 10) & kinds(kind)(0) & " files " & Size(kinds(kind)(1))
Next
WScript.Echo "Largest"
Dim n
SortFiles
For n = 0 To 2
  WScript.Echo "  " & Size(files(n)(1)) & "  " & fso.GetFileName(files(n)(0)) & " (" & FormatPercent(files(n)(1) / Total, 1) & ")"
Next
WScript.Echo "Twice"
Dim name
For Each name In twice.Keys
  If UBound(twice(name)) > 0 Then WScript.Echo "  " & name & ": " & Join(twice(name), "; ")
Next
WScript.Echo "Total " & Size(Total) & ", quota " & Size(Quota) & ": " & Verdict(Total, Quota)
For Each drive In fso.Drives
  If drive.IsReady Then WScript.Echo drive.DriveLetter & ": " & (drive.FreeSpace > 0) & " " & (drive.FreeSpace <= drive.TotalSize) & " " & Verdict(drive.TotalSize - drive.FreeSpace, drive.TotalSize + 1)
Next
WScript.Echo Size(0) & " | " & Size(1023) & " | " & Size(1024) & " | " & Size(1536) & " | " & Size(1048576) & " | " & Size(5368709120) & " | " & Size(2 ^ 45)

Sub Prepare
  Dim spec, parts, at, folder
  For Each spec In Array("share|", "share\docs|", "share\docs\old|", "share\mail|", "share\empty|", "share\readme.txt|120", "share\docs\report.doc|2048", "share\docs\README.TXT|80", "share\docs\old\report.doc|1024", "share\mail\a.eml|300", "share\mail\b.EML|700", "share\mail\noext|5", "share\docs\old\big.bin|3000")
    parts = Split(spec, "|")
    If parts(1) = "" Then
      fso.CreateFolder "C:\data\" & parts(0)
    Else
      With fso.CreateTextFile("C:\data\" & parts(0))
        .Write String(parts(1), "x")
        .Close
      End With
    End If
  Next
End Sub

Sub Walk(folder)
  Dim file, inner, kind, entry, list
  folders.Add folder.Path, folder.Size
  For Each file In folder.Files
    kind = LCase(fso.GetExtensionName(file.Name))
    If kind = "" Then kind = "(none)"
    If kinds.Exists(kind) Then entry = kinds(kind) Else entry = Array(0, 0)
    entry(0) = entry(0) + 1
    entry(1) = entry(1) + file.Size
    kinds(kind) = entry
    ReDim Preserve files(UBound(files) + 1)
    files(UBound(files)) = Array(file.Path, file.Size)
    If twice.Exists(file.Name) Then list = twice(file.Name) Else list = Array()
    ReDim Preserve list(UBound(list) + 1)
    list(UBound(list)) = file.ParentFolder.Name
    twice(file.Name) = list
  Next
  For Each inner In folder.SubFolders
    Walk inner
  Next
End Sub

Function Total
  Dim file
  For Each file In files : Total = Total + file(1) : Next
End Function

Sub SortFiles
  Dim i, j, t
  For i = 0 To UBound(files)
    For j = i + 1 To UBound(files)
      If files(j)(1) > files(i)(1) Then t = files(i) : files(i) = files(j) : files(j) = t
    Next
  Next
End Sub

Function SortedKeys(d)
  Dim keys, i, j, t
  keys = d.Keys
  For i = 0 To UBound(keys) : For j = i + 1 To UBound(keys)
    If keys(j) < keys(i) Then t = keys(i) : keys(i) = keys(j) : keys(j) = t
  Next : Next
  SortedKeys = keys
End Function

Function Size(ByVal bytes)
  Dim unit
  For Each unit In Array("B", "KB", "MB", "GB", "TB")
    If bytes < 1024 Or unit = "TB" Then Exit For
    bytes = bytes / 1024
  Next
  If bytes = Int(bytes) Then Size = bytes & " " & unit Else Size = FormatNumber(bytes, 1) & " " & unit
End Function

Function Verdict(used, allowed)
  Select Case True
    Case used > allowed : Verdict = "over by " & Size(used - allowed)
    Case used > allowed * 0.9999999 : Verdict = "nearly full"
    Case Else : Verdict = "fits"
  End Select
End Function
