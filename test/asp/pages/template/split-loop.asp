<% For i = 1 To 3 %><b><%= i %></b>
<% Next %>
<!--expect
= <b>1</b>
= <b>2</b>
= <b>3</b>
-->
