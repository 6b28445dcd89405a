// Renders templates as text/template does: one JSON object a line in, one a line out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"text/template"
)

type question struct {
	Text []byte          `json:"text"`
	Data json.RawMessage `json:"data"`
	Query map[string]string `json:"query"`
}

type answer struct {
	Output []byte `json:"output"`
	Stage  string `json:"stage"`
	Error  []byte `json:"error"`
}

func render(asked question) (said answer) {
	parsed, err := template.New("t").Option("missingkey=error").Parse(string(asked.Text))
	if err != nil {
		return answer{Stage: "parse", Error: []byte(err.Error())}
	}
	data := map[string]interface{}{}
	if err := json.Unmarshal(asked.Data, &data); err != nil {
		return answer{Stage: "data", Error: []byte(err.Error())}
	}
	data["request"] = map[string]interface{}{"query": asked.Query, "raw_query": "a=b"}
	var buffer bytes.Buffer
	if err := parsed.Execute(&buffer, data); err != nil {
		return answer{Stage: "run", Error: []byte(err.Error())}
	}
	return answer{Output: buffer.Bytes()}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := encoder.Encode(render(asked)); err != nil {
			panic(err)
		}
	}
}
