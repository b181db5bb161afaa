<script language="VBScript" runat="server">
Function Half(n)
  Half = n / 2
End Function
</script>
<%= Half(8) %>
<!--expect
= 4
-->
