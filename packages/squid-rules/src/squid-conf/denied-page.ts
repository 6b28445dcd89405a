/** The page of a refused host; Squid puts the host in for `%H` and the URL for `%U`. */
export const deniedPage = (directory: string): string => `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>%H is not on the list of this cache</title></head>
<body>
<h1>%H is not on the list of this cache</h1>
<p>This package cache fetches from the hosts in ${directory}/allowed.txt only. You asked for %U.</p>
<p>To let clients fetch from this host, add one line to the rules and generate again:</p>
<pre>cache: { alsoAllow: ["%H"] }</pre>
<p>If it is a mirror of a repository that the rules know, name it under <code>mirrors</code> instead, so that it
shares one copy with the others.</p>
</body></html>
`
