<%= Server.URLEncode("a b&c=d/e?f.g-h_i") %>|<%= Server.URLEncode(ChrW(252)) %>
<!--expect
= a+b%26c%3Dd%2Fe%3Ff%2Eg%2Dh%5Fi|%FC
-->
