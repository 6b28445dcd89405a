// Go's own ServeMux, FileServer, ServeContent and ParseMAC, behind the paths that a matchbox has.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const script = "#!ipxe\nkernel k\nboot\n"

func labels(w http.ResponseWriter, r *http.Request) {
	found := map[string]string{}
	for key, values := range r.URL.Query() {
		if !strings.EqualFold(key, "mac") {
			found[key] = values[0]
		} else if mac, err := net.ParseMAC(values[0]); err == nil {
			found[key] = mac.String()
		}
	}
	json.NewEncoder(w).Encode(found)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "matchbox\n")
	})
	mux.HandleFunc("/ipxe", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, script) })
	mux.HandleFunc("/labels", labels)
	mux.HandleFunc("/generic", func(w http.ResponseWriter, r *http.Request) {
		content, err := os.ReadFile(os.Args[2])
		if err != nil {
			panic(err)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
	mux.Handle("/assets/", http.StripPrefix("/assets/", http.FileServer(http.Dir(os.Args[1]))))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		// Ends with the test, whatever became of that.
		os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	panic(http.Serve(listener, mux))
}
