<% Application("zz1") = Array(1, Array("in")) : n = 0 : For Each k In Application.Contents : n = n + 1 : Next %><%= n = Application.Contents.Count %> <%= Application.Contents.Item("zz1")(1)(0) %> <%= Application.Contents("zz1")(0) %> <%= Application.Contents.Key(Application.Contents.Count) %><% Application.Contents.Remove("zz1") %> <%= IsEmpty(Application("zz1")) %>
<!--expect
= True in 1 zz1 True
-->
