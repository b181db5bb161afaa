<% Response.LCID = 1031 %><%= Response.LCID %> <%= 1.5 %> <%= FormatNumber(1234.5) %> <%= #12/31/2003# %> <%= GetLocale %>
<!--expect
= 1031 1,5 1.234,50 31.12.2003 1031
-->
