<%@ TRANSACTION=Required %><% ObjectContext.SetAbort
Sub OnTransactionAbort : Response.Write "aborted" : End Sub %>
<!--expect
= aborted
-->
