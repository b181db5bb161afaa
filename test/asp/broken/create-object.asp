<% Set x = CreateObject("No.Such") %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a01ad | ActiveX component can't create object: 'No.Such' | /create-object.asp, line 1
-->
