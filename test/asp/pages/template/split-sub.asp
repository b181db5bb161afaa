<% Sub Box(text) %>
<div><%= text %></div>
<% End Sub
Box "a"
Box "b" %>
<!--expect
= <div>a</div>
= <div>b</div>
-->
