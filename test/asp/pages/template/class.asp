<% Class Person
Public Name
Public Default Function Hi() : Hi = "I am " & Name : End Function
End Class
Set p = New Person : p.Name = "Ann" %><%= p.Hi %>
<!--expect
= I am Ann
-->
