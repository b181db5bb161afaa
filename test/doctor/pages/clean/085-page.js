// a library for the browser, nothing to do with cdo
var $ = function (id) { return document.getElementById(id); };
$("x").innerHTML = "“quoted”";
