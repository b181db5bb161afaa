<% On Error Resume Next : Response.Cookies("c").Expires = #1/1/1970# : Response.Write Err.Number & Err.Description & Err.Source : Err.Clear : Response.Cookies("c").Expires = #1/1/2050# : Response.Write Err.Number %>
<!--expect
= -2147467259006~ASP 0200~Out of Range 'Expires' attribute~The date and time given for 'Expires' precedes Jan 1, 1980 or excedes Jan 19, 2038, 3:14:07 GMT.Cookies object-2147467259
-->
