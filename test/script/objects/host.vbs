' WScript, its arguments, WScript.Shell, WScript.Network.
'==== WScript: what it says of itself
Echo TypeName(WScript), WScript, WScript.Name, WScript.Version, TypeName(WScript.BuildVersion) ' expect: IHost_Class Windows Script Host Windows Script Host 5.8 Long
Echo WScript.ScriptName, WScript.ScriptFullName, LCase(Right(WScript.FullName, 11)), WScript.Path <> "" ' expect: test.vbs C:\data\test.vbs cscript.exe True
Echo WScript.Interactive, WScript.Timeout, WScript.Application Is WScript ' expect: True 0 True
Echo Left(WScript.ScriptFullName, Len(WScript.ScriptFullName) - Len(WScript.ScriptName)) ' expect: C:\data\
WScript.Timeout = 30 : Echo WScript.Timeout, Printed ' expect: 30 limit 30
WScript.Timeout = 60 : Echo WScript.Timeout ' expect: 30
WScript.Interactive = False : Echo WScript.Interactive ' expect: False
'==== WScript.Echo: how values look
WScript.Echo "a", 1, 1.5, True, False, Null, Empty, #1/2/2003#
Echo Printed ' expect: a 1 1.5 -1 0 null  1/2/2003¶
WScript.Echo : Echo Printed ' expect: ¶
WScript.Echo("x") : WScript.Echo ("y") : Call WScript.Echo("z", 1) : Echo Printed ' expect: x¶y¶z 1¶
wscript.ECHO "any case" : Echo Printed ' expect: any case¶
WScript.Echo "a" & vbCrLf & "b" : Echo Printed ' expect: a¶b¶
Class N : Public Default Property Get V : V = "default" : End Property : End Class
WScript.Echo New N : Echo Printed ' expect: default¶
On Error Resume Next
WScript.Echo Array(1) : Echo Err.Number, "[" & Printed & "]" : Err.Clear ' expect: 13 []
WScript.Echo Nothing : Echo Err.Number : Err.Clear ' expect: 91
WScript.Echo CreateObject("Scripting.Dictionary") : Echo Err.Number : Err.Clear ' expect: 450
'==== WScript: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
WScript.Name = "x" : Echo E ' expect: 438
WScript.ScriptName = "x" : Echo E ' expect: 438
WScript.Bogus : Echo E ' expect: 438
WScript.Sleep : Echo E ' expect: 450
WScript.Sleep "abc" : Echo E ' expect: 13
WScript.Sleep 10 : WScript.Sleep "20" : WScript.Sleep 1.5 : Echo E, Printed ' expect: 0 sleep 10sleep 20sleep 2
WScript.Quit 1, 2 : Echo E ' expect: 450
Set o = WScript.CreateObject : Echo E ' expect: 450
Set o = WScript.CreateObject("Scripting.Dictionary") : Echo E, TypeName(o) ' expect: 0 Dictionary
Set o = WScript.CreateObject("No.Such") : Echo Err.Description, Err.Source ' expect: Could not locate automation class named "No.Such". WScript.CreateObject
Err.Clear : Set o = CreateObject("No.Such") : Echo Err.Number, Err.Description : Err.Clear ' expect: 429 ActiveX component can't create object
Set o = CreateObject("") : Echo E ' expect: 429
Set o = CreateObject(Null) : Echo E ' expect: 94
Set o = CreateObject : Echo E ' expect: 450
o = CreateObject("WScript.Network") : Echo E ' expect: 438
'==== WScript.Quit ends everything, also under On Error Resume Next
On Error Resume Next
Sub Leave : WScript.Quit 3 : Echo "still here" : End Sub
Echo "before" ' expect: before
Leave
Echo "after"
'==== Arguments: all, by number, For Each
Set a = WScript.Arguments
Echo TypeName(a), a.Count, a.Length, a(0), a.Item(1), WScript.Arguments(5), WScript.Arguments.Item(0) ' expect: IArguments2 7 7 first /to:ann@example.test second one first
For Each x In WScript.Arguments : n = n + 1 : Next : Echo n ' expect: 7
For i = 0 To a.Count - 1 : s = s & Len(a(i)) & "," : Next : Echo s ' expect: 5,20,6,5,6,10,7,
Echo a("2"), a(1.5) ' expect: /Quiet /Quiet
If WScript.Arguments.Count > 2 Then to_ = WScript.Arguments(1)
Echo to_ ' expect: /to:ann@example.test
'==== Arguments: Unnamed and Named
Set u = WScript.Arguments.Unnamed : Echo TypeName(u), u.Count, u(0), u(1), u.Length ' expect: IWSHUnnamedArguments 2 first second one 2
Set n = WScript.Arguments.Named : Echo TypeName(n), n.Count, n("to"), n.Item("TO"), n.Length ' expect: IWSHNamedArguments 5 ann@example.test ann@example.test 5
Echo n.Exists("to"), n.Exists("To"), n.Exists("from"), n.Exists("quiet"), TypeName(n("quiet")) ' expect: True True False True Empty
Echo n("log"), TypeName(n("log")), n("mail"), "[" & n("empty") & "]", TypeName(n("none")), n("none") = "" ' expect: True Boolean False [] Empty True
For Each x In n : s = s & x & ";" : Next : Echo s ' expect: to;Quiet;Log;Mail;empty;
For Each x In u : t = t & x & ";" : Next : Echo t ' expect: first;second one;
If WScript.Arguments.Named.Exists("log") Then Echo "logs" ' expect: logs
WScript.Arguments.ShowUsage : Echo Printed ' expect: usage
'==== Arguments: wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Echo WScript.Arguments(7) : Echo E ' expect: 9
Echo WScript.Arguments(-1) : Echo E ' expect: 9
Echo WScript.Arguments("x") : Echo E ' expect: 13
Echo WScript.Arguments.Item : Echo E ' expect: 450
Echo WScript.Arguments.Unnamed(2) : Echo E ' expect: 9
WScript.Arguments(0) = "x" : Echo E ' expect: 438
WScript.Arguments.Count = 1 : Echo E ' expect: 438
Echo WScript.Arguments.Named : Echo E ' expect: 450
x = WScript.Arguments : Echo E ' expect: 450
'==== An argument that was not given, untrapped
to_ = WScript.Arguments(9) ' expect error: 9 Subscript out of range
'==== Shell: environment
Set sh = CreateObject("WScript.Shell") : Echo TypeName(sh) ' expect: IWshShell3
Echo sh.ExpandEnvironmentStrings("%COMPUTERNAME%!"), sh.ExpandEnvironmentStrings("%nope%"), sh.ExpandEnvironmentStrings("100%"), sh.ExpandEnvironmentStrings("%temp%\x") ' expect: MAIL01! %nope% 100% C:\Windows\Temp\x
Set env = sh.Environment("Process") : Echo env("TEMP"), env.Item("temp"), "[" & env("none") & "]", env.Count, env.Length ' expect: C:\Windows\Temp C:\Windows\Temp [] 2 2
env("MAILTO") = "ann@example.test" : Echo env("mailto"), sh.ExpandEnvironmentStrings("%MAILTO%"), env.Count ' expect: ann@example.test ann@example.test 3
env("mailto") = "bob" : Echo env("MAILTO"), env.Count ' expect: bob 3
For Each x In env : s = s & Split(x, "=")(0) & ";" : Next : Echo s ' expect: TEMP;COMPUTERNAME;MAILTO;
env.Remove "MAILTO" : Echo env.Count, "[" & env("MAILTO") & "]" ' expect: 2 []
Echo sh.Environment.Item("TEMP"), sh.Environment("SYSTEM")("TEMP") ' expect: C:\Windows\Temp C:\Windows\Temp
'==== Shell: folders
Set sh = CreateObject("WScript.Shell")
Echo sh.CurrentDirectory ' expect: C:\data
CreateObject("Scripting.FileSystemObject").CreateFolder "C:\data\sub"
sh.CurrentDirectory = "C:\data\sub" : Echo sh.CurrentDirectory ' expect: C:\data\sub
CreateObject("Scripting.FileSystemObject").CreateTextFile("x.txt").Close : Echo CreateObject("Scripting.FileSystemObject").FileExists("C:\data\sub\x.txt") ' expect: True
sh.CurrentDirectory = ".." : Echo sh.CurrentDirectory ' expect: C:\data
Echo sh.SpecialFolders("Desktop") <> "", "[" & sh.SpecialFolders("Nope") & "]", TypeName(sh.SpecialFolders), sh.SpecialFolders.Count > 0, sh.SpecialFolders.Item("MyDocuments") = sh.SpecialFolders("mydocuments") ' expect: True [] IWshCollection True True
Echo sh.SpecialFolders(0) <> "" ' expect: True
'==== Shell: wrong use, and what is refused
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set sh = CreateObject("WScript.Shell")
sh.CurrentDirectory = "C:\none" : Echo E <> 0, sh.CurrentDirectory ' expect: True C:\data
Echo sh.ExpandEnvironmentStrings : Echo E ' expect: 450
Echo sh.ExpandEnvironmentStrings(Null) : Echo E ' expect: 13
Echo sh.RegRead("HKLM\Software\x") : Echo Hex(Err.Number), Err.Description, Err.Source : Err.Clear ' expect: 80070002 Unable to open registry key "HKLM\Software\x" for reading. WshShell.RegRead
sh.RegWrite "HKLM\x", 1 : Echo E <> 0 ' expect: True
sh.RegDelete "HKLM\x" : Echo E <> 0 ' expect: True
Echo sh.Popup("Done?", 5, "Backup", 4), E ' expect: 1 0
Echo sh.LogEvent(0, "text"), sh.AppActivate("x"), E ' expect: True False 0
sh.SendKeys "x" : Echo E ' expect: 70
Set l = sh.CreateShortcut("x.lnk") : Echo E <> 0 ' expect: True
sh.Environment("Process").Remove "none" : Echo E <> 0 ' expect: True
sh.Bogus : Echo E ' expect: 438
'==== Network
Set n = CreateObject("WScript.Network")
Echo TypeName(n), n.ComputerName, n.UserName, n.UserDomain, n.UserDomain & "\" & n.UserName ' expect: IWshNetwork2 MAIL01 svc-mail EXAMPLE EXAMPLE\svc-mail
Echo n.EnumNetworkDrives.Count, n.EnumPrinterConnections.Count ' expect: 0 0
For Each d In n.EnumNetworkDrives : Echo d : Next
On Error Resume Next
n.MapNetworkDrive "Z:", "\\srv\share" : Echo Hex(Err.Number), Err.Source : Err.Clear ' expect: 800704B3 WSHNetwork.MapNetworkDrive
n.MapNetworkDrive "Z:" : Echo Err.Number : Err.Clear ' expect: 450
n.UserName = "x" : Echo Err.Number : Err.Clear ' expect: 438
