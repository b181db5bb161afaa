' Scripting.FileSystemObject: paths, files, folders, drives.
'==== Names: pieces of paths
Set fso = CreateObject("Scripting.FileSystemObject")
Echo TypeName(fso) ' expect: FileSystemObject
Echo fso.BuildPath("C:\data", "a.txt"), fso.BuildPath("C:\data\", "a.txt"), fso.BuildPath("C:", "a"), fso.BuildPath("", "a"), fso.BuildPath("a", "") ' expect: C:\data\a.txt C:\data\a.txt C:a a a
Echo fso.GetFileName("C:\data\a.b.txt"), fso.GetBaseName("C:\data\a.b.txt"), fso.GetExtensionName("C:\data\a.b.txt") ' expect: a.b.txt a.b txt
Echo "[" & fso.GetFileName("C:\") & "][" & fso.GetBaseName("x.") & "][" & fso.GetExtensionName("x") & "][" & fso.GetFileName("C:\data\") & "]" ' expect: [][x][][data]
Echo fso.GetParentFolderName("C:\data\a.txt"), fso.GetParentFolderName("C:\data"), "[" & fso.GetParentFolderName("C:\") & "]" ' expect: C:\data C:\ []
Echo fso.GetDriveName("C:\data\a"), "[" & fso.GetDriveName("a\b") & "]", fso.GetDriveName("\\srv\share\x") ' expect: C: [] \\srv\share
Echo fso.GetAbsolutePathName("a.txt"), fso.GetAbsolutePathName("C:\data\..\x"), fso.GetAbsolutePathName("") ' expect: C:\data\a.txt C:\x C:\data
Echo Len(fso.GetTempName), Left(fso.GetTempName, 3), Right(fso.GetTempName, 4) ' expect: 12 rad .tmp
Echo fso.GetSpecialFolder(2), fso.GetSpecialFolder(0).Name, TypeName(fso.GetSpecialFolder(1)) ' expect: C:\Windows\Temp Windows Folder
'==== Names: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
Echo fso.BuildPath("a") : Echo E ' expect: 450
Echo fso.BuildPath("a", "b", "c") : Echo E ' expect: 450
Echo fso.GetFileName(Null) : Echo E ' expect: 13
Echo "[" & fso.GetFileName(Empty) & "]", E ' expect: [] 0
Echo fso.GetFileName(12.5), E ' expect: 12.5 0
Echo fso.GetFileName(fso) : Echo E ' expect: 438
Echo fso.GetFileName(Nothing) : Echo E ' expect: 13
Echo fso.GetFileName(Array(1)) : Echo E ' expect: 13
Echo fso.GetSpecialFolder(3) : Echo E ' expect: 5
Echo fso.GetSpecialFolder("two") : Echo E ' expect: 13
fso.Drives = 1 : Echo E ' expect: 438
Echo fso.Nothing_ : Echo E ' expect: 438
Set x = fso.BuildPath("a", "b") : Echo E ' expect: 424
'==== FileExists and FolderExists never fail for a text
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
fso.CreateTextFile("a.txt").Close
Echo fso.FileExists("a.txt"), fso.FileExists("A.TXT"), fso.FileExists("C:\data\a.txt"), fso.FileExists("c:/data/a.txt") ' expect: True True True True
Echo fso.FileExists("C:\data"), fso.FolderExists("C:\data"), fso.FolderExists("C:\data\"), fso.FolderExists("C:\DATA") ' expect: False True True True
Echo fso.FileExists(""), fso.FolderExists(""), fso.FileExists("*.txt"), fso.FileExists("C:\no\way"), fso.FileExists("\\?\x"), fso.FolderExists("|") ' expect: False False False False False False
Echo fso.FileExists("a.txt."), fso.FileExists("a.txt "), fso.FileExists(".\a.txt"), fso.FileExists("..\data\a.txt") ' expect: True True True True
Echo fso.FileExists(Null) : Echo E ' expect: 13
Echo fso.FileExists : Echo E ' expect: 450
Echo fso.DriveExists("C"), fso.DriveExists("c:"), fso.DriveExists("C:\"), fso.DriveExists("Z"), fso.DriveExists("") ' expect: True True True False False
'==== File: facts
Set fso = CreateObject("Scripting.FileSystemObject")
Set t = fso.CreateTextFile("C:\data\Some File.TXT") : t.Write "12345" : t.Close
Set f = fso.GetFile("c:\data\some file.txt")
Echo TypeName(f), f.Name, f.Path, f.Size, TypeName(f.Size), f.Type ' expect: File Some File.TXT C:\data\Some File.TXT 5 Long Text Document
Echo f, f & "!" ' expect: C:\data\Some File.TXT C:\data\Some File.TXT!
Echo f.ParentFolder, TypeName(f.ParentFolder), f.ParentFolder.Name, f.Drive, TypeName(f.Drive), f.Drive.DriveLetter ' expect: C:\data Folder data C: Drive C
Echo f.Attributes, TypeName(f.Attributes), TypeName(f.DateCreated), TypeName(f.DateLastModified), TypeName(f.DateLastAccessed) ' expect: 32 Long Date Date Date
Echo DateDiff("h", f.DateLastModified, fso.GetFolder("C:\data").DateLastModified) ' expect: 0
Echo f.ShortName <> "", f.ShortPath <> "" ' expect: True True
f.Name = "other.log" : Echo f.Name, f.Path, fso.FileExists("other.log"), fso.FileExists("some file.txt") ' expect: other.log C:\data\other.log True False
f.Attributes = f.Attributes Or 1 : Echo f.Attributes ' expect: 33
f.Attributes = f.Attributes And Not 1 : Echo f.Attributes ' expect: 32
f.Copy "copy.log" : Echo fso.GetFile("copy.log").Size ' expect: 5
f.Move "C:\data\moved.log" : Echo f.Path, f.Size ' expect: C:\data\moved.log 5
Set s = f.OpenAsTextStream(1) : Echo s.ReadAll : s.Close ' expect: 12345
Set s = f.OpenAsTextStream(8) : s.Write "678" : s.Close : Echo f.Size ' expect: 8
f.Delete : Echo fso.FileExists("moved.log") ' expect: False
'==== File: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
Set f = fso.GetFile("none.txt") : Echo E, IsEmpty(f) ' expect: 53 True
Set f = fso.GetFile("C:\no\none.txt") : Echo E ' expect: 76
Set f = fso.GetFile("") : Echo E ' expect: 5
Set f = fso.GetFile(Null) : Echo E ' expect: 13
Set f = fso.GetFile("C:\data") : Echo E ' expect: 53
Set f = fso.GetFile : Echo E ' expect: 450
f = fso.GetFile("x") : Echo E ' expect: 53
fso.CreateTextFile("a.txt").Close : fso.CreateTextFile("b.txt").Close
Set f = fso.GetFile("a.txt")
f.Name = "b.txt" : Echo E, f.Name ' expect: 58 a.txt
f.Name = "sub\x.txt" : Echo E ' expect: 52
f.Name = "" : Echo E ' expect: 5
f.Size = 3 : Echo E ' expect: 438
f.Path = "x" : Echo E ' expect: 438
f.Copy "a.txt" : Echo E ' expect: 70
f.Copy "b.txt", False : Echo E ' expect: 58
f.Copy "C:\data" : Echo E ' expect: 70
f.Copy "C:\no\x.txt" : Echo E ' expect: 76
f.Move "b.txt" : Echo E, f.Name ' expect: 58 a.txt
f.Copy : Echo E ' expect: 450
fso.DeleteFile "a.txt" : Echo E ' expect: 0
Echo f.Size : Echo E ' expect: 53
f.Delete : Echo E ' expect: 53
Echo f.Name, E ' expect: a.txt 0
'==== Folder: facts and collections
Set fso = CreateObject("Scripting.FileSystemObject")
Set f = fso.CreateFolder("C:\data\mail") : Echo TypeName(f), f.Name, f, f.IsRootFolder, f.Attributes, f.Type ' expect: Folder mail C:\data\mail False 16 File folder
fso.CreateFolder("C:\data\mail\In") : Set o = f.SubFolders.Add("Out") : Echo o.Path, TypeName(o) ' expect: C:\data\mail\Out Folder
For Each n In Array("b.eml", "A.eml", "c.txt")
  Set s = f.CreateTextFile(n) : s.Write String(Len(n), "x") : s.Close
Next
Echo TypeName(f.Files), f.Files.Count, TypeName(f.Files.Count), TypeName(f.SubFolders), f.SubFolders.Count ' expect: Files 3 Long Folders 2
For Each x In f.Files : names = names & x.Name & " " & x.Size & ";" : Next : Echo names ' expect: A.eml 5;b.eml 5;c.txt 5;
For Each x In f.SubFolders : subs = subs & x.Name & ";" : Next : Echo subs ' expect: In;Out;
Echo f.Size, f.Files("b.eml").Name, f.Files.Item("B.EML").Size, f.SubFolders("in").Path ' expect: 15 b.eml 5 C:\data\mail\In
Echo fso.GetFolder("C:\data\mail\").Path, fso.GetFolder(".").Path, fso.GetFolder("C:\").IsRootFolder, fso.GetFolder("C:").Path <> "" ' expect: C:\data\mail C:\data True True
Echo f.ParentFolder.ParentFolder.Path, f.ParentFolder.ParentFolder.ParentFolder Is Nothing ' expect: C:\ True
f.Copy "C:\data\copy" : Echo fso.GetFolder("C:\data\copy").Files.Count, fso.FolderExists("C:\data\copy\Out") ' expect: 3 True
f.Move "C:\data\moved" : Echo f.Path, f.Files.Count ' expect: C:\data\moved 3
f.Name = "renamed" : Echo f.Path ' expect: C:\data\renamed
f.Delete : Echo fso.FolderExists("C:\data\renamed"), fso.FolderExists("C:\data\copy") ' expect: False True
'==== Folder: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
Set f = fso.GetFolder("C:\data\none") : Echo E ' expect: 76
Set f = fso.GetFolder("") : Echo E ' expect: 5
fso.CreateTextFile("file.txt").Close
Set f = fso.GetFolder("C:\data\file.txt") : Echo E ' expect: 76
fso.CreateFolder "C:\data\a" : Echo E ' expect: 0
fso.CreateFolder "C:\data\a" : Echo E ' expect: 58
fso.CreateFolder "C:\data\file.txt" : Echo E ' expect: 58
fso.CreateFolder "C:\data\x\y" : Echo E ' expect: 76
fso.CreateFolder "R:\x" : Echo E ' expect: 70
fso.CreateFolder "Q:\x" : Echo E ' expect: 76
fso.CreateFolder "C:\data\a?b" : Echo E ' expect: 52
Set f = fso.GetFolder("C:\data\a")
Set x = f.Files("none") : Echo E ' expect: 53
Set x = f.SubFolders("none") : Echo E ' expect: 76
f.SubFolders.Add "n" : f.SubFolders.Add "n" : Echo E ' expect: 58
f.Files.Add "x" : Echo E ' expect: 438
Echo f.Files.Count(1) : Echo E ' expect: 450
For Each x In f.SubFolders.Count : Next : Echo E ' expect: 451
fso.GetFolder("C:\data").Delete : Echo E ' expect: 70
fso.DeleteFolder "C:\data\none" : Echo E ' expect: 76
fso.DeleteFolder "C:\data\a" : Echo E, fso.FolderExists("C:\data\a") ' expect: 0 False
Echo f.Files.Count : Echo E ' expect: 76
Echo f.Name, E ' expect: a 0
'==== CopyFile, MoveFile, DeleteFile with names and wildcards
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
For Each n In Array("1.log", "2.log", "3.txt") : fso.CreateTextFile(n).Close : Next
fso.CreateFolder "old"
fso.CopyFile "*.log", "old\" : Echo E, fso.GetFolder("old").Files.Count ' expect: 0 2
fso.CopyFile "*.log", "old" : Echo E, fso.GetFolder("old").Files.Count ' expect: 0 2
fso.CopyFile "*.log", "old\", False : Echo E ' expect: 58
fso.CopyFile "*.none", "old\" : Echo E ' expect: 53
fso.CopyFile "none.log", "old\" : Echo E ' expect: 53
fso.CopyFile "1.log", "nowhere\" : Echo E ' expect: 76
fso.CopyFile "1.log", "old" : Echo E ' expect: 70
fso.CopyFile "1.log", "old\new.log" : Echo E, fso.FileExists("old\new.log") ' expect: 0 True
fso.CopyFile "1.log" : Echo E ' expect: 450
fso.MoveFile "*.log", "old\" : Echo E ' expect: 58
fso.DeleteFile "old\*.*" : Echo E, fso.GetFolder("old").Files.Count ' expect: 0 0
fso.MoveFile "?.log", "old\" : Echo E, fso.GetFolder("old").Files.Count, fso.FileExists("1.log") ' expect: 0 2 False
fso.MoveFile "old\1.log", "moved.log" : Echo E, fso.FileExists("moved.log") ' expect: 0 True
fso.MoveFile "moved.log", "3.txt" : Echo E ' expect: 58
fso.MoveFile "moved.log", "MOVED.LOG" : Echo E, fso.GetFile("moved.log").Name ' expect: 0 MOVED.LOG
fso.DeleteFile "*.none" : Echo E ' expect: 53
fso.DeleteFile "old" : Echo E ' expect: 53
fso.GetFile("3.txt").Attributes = 1
fso.DeleteFile "3.txt" : Echo E ' expect: 70
fso.DeleteFile "3.txt", True : Echo E, fso.FileExists("3.txt") ' expect: 0 False
fso.CopyFolder "old", "new" : Echo E, fso.GetFolder("new").Files.Count ' expect: 0 1
fso.MoveFolder "new", "newer" : Echo E, fso.FolderExists("newer") ' expect: 0 True
fso.CopyFolder "none", "x" : Echo E ' expect: 76
fso.MoveFolder "newer", "old" : Echo E ' expect: 58
fso.CopyFolder "old", "newer\" : Echo E, fso.FolderExists("newer\old") ' expect: 0 True
fso.CopyFolder "old", "old\in" : Echo E ' expect: 70
fso.DeleteFolder "new*" : Echo E, fso.FolderExists("newer") ' expect: 0 False
'==== Drive and Drives
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set fso = CreateObject("Scripting.FileSystemObject")
Echo TypeName(fso.Drives), fso.Drives.Count, TypeName(fso.Drives("C")), E ' expect: Drives 2 Drive 0
For Each d In fso.Drives : s = s & d.DriveLetter & d.Path & " " & d.IsReady & ";" : Next : Echo s ' expect: CC: True;RR: True;
Set d = fso.GetDrive("c:\") : Echo d, d.RootFolder, d.DriveType, d.FileSystem, d.ShareName, TypeName(d.SerialNumber) ' expect: C: C:\ 2 NTFS  Long
Echo d.FreeSpace > 0, d.TotalSize >= d.FreeSpace, d.AvailableSpace <= d.FreeSpace, TypeName(d.TotalSize) ' expect: True True True Double
Set x = fso.GetDrive("Z") : Echo E ' expect: 68
Set x = fso.GetDrive("") : Echo E ' expect: 5
Set x = fso.GetDrive("C:\data") : Echo E ' expect: 5
Set x = fso.Drives("Z") : Echo E ' expect: 68
d.VolumeName = "x" : Echo E ' expect: 70
d.Path = "x" : Echo E ' expect: 438
'==== The error of a file that is not there, untrapped
Set fso = CreateObject("Scripting.FileSystemObject")
x = fso.OpenTextFile("none.txt").ReadAll ' expect error: 53 File not found
'==== A file in a folder that is not there
Set fso = CreateObject("Scripting.FileSystemObject")
Set f = fso.CreateTextFile("C:\none\none.txt") ' expect error: 76 Path not found
'==== A file that may only be read
Set fso = CreateObject("Scripting.FileSystemObject")
Set f = fso.CreateTextFile("R:\none.txt") ' expect error: 70 Permission denied
