<% Set fso = Server.CreateObject("Scripting.FileSystemObject") : Set f = fso.OpenTextFile(Server.MapPath("parts/note.txt")) %><%= f.ReadLine %><% f.Close %> <%= fso.FileExists(Server.MapPath("none.txt")) %>
<!--expect
= a note False
-->
