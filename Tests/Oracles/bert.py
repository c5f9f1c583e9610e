"""Embeds texts, one a line of standard input, with a sentence-transformers folder in double precision, by numpy alone.

Prints a JSON array of numbers for each. An oracle for MiniLMEmbedder, and what wrote Fixtures/minilm_vectors.json:
usage: bert.py FOLDER [--fixture] < texts
"""
import json, math, sys
import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

folder = sys.argv[1]
read = lambda name: json.load(open(f"{folder}/{name}", encoding="utf-8"))
config = read("config.json")
pooling = read("1_Pooling/config.json")
weights = {name: w.astype(np.float64) for name, w in load_file(f"{folder}/model.safetensors").items()}
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(read("sentence_bert_config.json")["max_seq_length"])
erf = np.vectorize(math.erf)
activation = {
    "gelu": lambda x: x / 2 * (1 + erf(x / math.sqrt(2))),
    "gelu_new": lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "relu": lambda x: np.maximum(x, 0),
}[config.get("hidden_act", "gelu")]


def linear(name, x):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def norm(name, x):
    deviation = x - x.mean(1, keepdims=True)
    scale = np.sqrt((deviation**2).mean(1, keepdims=True) + config["layer_norm_eps"])
    return deviation / scale * weights[name + ".weight"] + weights[name + ".bias"]


def embed(text):
    ids = tokenizer.encode(text).ids
    heads = config["num_attention_heads"]
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm("embeddings.LayerNorm", x + weights["embeddings.token_type_embeddings.weight"][0])
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."
        split = lambda part: linear(name + "attention.self." + part, x).reshape(len(ids), heads, -1).transpose(1, 0, 2)
        q, k, v = split("query"), split("key"), split("value")
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[2])
        shares = np.exp(scores - scores.max(2, keepdims=True))
        mixed = (shares / shares.sum(2, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(name + "attention.output.LayerNorm", x + linear(name + "attention.output.dense", mixed))
        inner = activation(linear(name + "intermediate.dense", x))
        x = norm(name + "output.LayerNorm", x + linear(name + "output.dense", inner))
    if pooling.get("pooling_mode_cls_token"):
        vector = x[0]
    elif pooling.get("pooling_mode_max_tokens"):
        vector = x.max(0)
    else:
        vector = x.mean(0)
    return vector / np.linalg.norm(vector)


texts = sys.stdin.read().splitlines()
if "--fixture" in sys.argv:
    rows = [{"text": t, "vector": [round(float(v) * 1e6) for v in embed(t)]} for t in texts]
    print("[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]")
else:
    for text in texts:
        print(json.dumps([float(v) for v in embed(text)]))
