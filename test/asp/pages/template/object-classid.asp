<OBJECT RUNAT=Server SCOPE=Page ID=d CLASSID="clsid:EE09B103-97E0-11CF-978F-00A02463E06F"></OBJECT><%= d.Exists("x") %>
<!--expect
= False
-->
