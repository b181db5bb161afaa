<% Session("a") = 1 : Session("b") = 2 %><%= Session.Contents.Count %><% For Each k In Session.Contents %>,<%= k %>=<%= Session.Contents(k) %><% Next %>|<%= Session.Contents.Key(2) %>|<%= Session.Contents.Item("b") %>|<%= Session.Contents(3) %>|<% Session.Contents.Remove("a") : Session.Contents.Remove(1) %><%= Session.Contents.Count %><% Session.Contents("z") = 1 : Session.Contents.RemoveAll() %><%= Session.Contents.Count %>
<!--expect
= 3,begun=/session/contents.asp,a=1,b=2|a|2|2|10
-->
