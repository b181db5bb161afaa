<script runat=server language=vbscript src="parts/functions.vbs"></script><%= Greeting("you") %>
<!--expect
= Hello you
-->
