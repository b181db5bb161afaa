<object runat="server" id="dict" progid="Scripting.Dictionary"></object>
<% dict.Add "a", 1 %><%= dict.Count %> <%= TypeName(dict) %>
<!--expect
= 1 Dictionary
-->
