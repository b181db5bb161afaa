<%@ TRANSACTION=Required %><% ObjectContext.SetComplete
Sub OnTransactionCommit : Response.Write "committed" : End Sub
Sub OnTransactionAbort : Response.Write "aborted" : End Sub %>
<!--expect
= committed
-->
