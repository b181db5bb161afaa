a
<script language="VBScript" runat="client">
x = 1
</script>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0120 | Invalid Runat attribute | /asp0120.asp, line 2
-->
