<table>
<tr>
<td><%= Mid("x", 0) %></td>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a0005 | Invalid procedure call or argument: 'Mid' | /in-html.asp, line 3
-->
