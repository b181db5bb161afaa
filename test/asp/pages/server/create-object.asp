<% Set d = Server.CreateObject("Scripting.Dictionary") : d.Add "a", 1 %><%= d.Count %> <%= TypeName(CreateObject("scripting.dictionary.1")) %>
<!--expect
= 1 Dictionary
-->
