<%= Server.ScriptTimeout %><% Server.ScriptTimeout = 200 %> <%= Server.ScriptTimeout %><% Server.ScriptTimeout = 5 %> <%= Server.ScriptTimeout %>
<!--expect
= 90 200 90
-->
