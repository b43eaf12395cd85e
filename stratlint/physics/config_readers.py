"""Which reader reads which architecture name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stratlint.physics import config_dense, config_moe
from stratlint.physics.architecture import Architecture
from stratlint.physics.config_keys import Keys

Reader = Callable[[Keys], Architecture]

READERS: Final[dict[str, Reader]] = {
    "LlamaForCausalLM": config_dense.llama,
    "LLaMAForCausalLM": config_dense.llama,
    "Llama4ForConditionalGeneration": config_moe.llama4,
    "Llama4ForCausalLM": config_moe.llama4,
    "MistralForCausalLM": config_dense.mistral,
    "MixtralForCausalLM": config_moe.mixtral,
    "Qwen2ForCausalLM": config_dense.qwen2,
    "Qwen2MoeForCausalLM": config_moe.qwen2_moe,
    "Qwen3ForCausalLM": config_dense.qwen3,
    "Qwen3MoeForCausalLM": config_moe.qwen3_moe,
    "DeepseekForCausalLM": config_moe.deepseek,
    "DeepseekV2ForCausalLM": config_moe.deepseek,
    "DeepseekV3ForCausalLM": config_moe.deepseek,
    "KimiK2ForCausalLM": config_moe.deepseek,
    "Glm4MoeForCausalLM": config_moe.glm4_moe,
    "GptOssForCausalLM": config_moe.gpt_oss,
    "GemmaForCausalLM": config_dense.gemma,
    "Gemma2ForCausalLM": config_dense.gemma2,
    "Gemma3ForCausalLM": config_dense.gemma3,
    "Gemma3ForConditionalGeneration": config_dense.gemma3,
    "GPT2LMHeadModel": config_dense.gpt2,
    "GPT2Model": config_dense.gpt2,
    "GPTBigCodeForCausalLM": config_dense.gpt2,
    "OPTForCausalLM": config_dense.opt,
    "BloomForCausalLM": config_dense.bloom,
    "BloomModel": config_dense.bloom,
    "GPTNeoXForCausalLM": config_dense.gpt_neox,
    "FalconForCausalLM": config_dense.falcon,
    "RWForCausalLM": config_dense.falcon,
    "PhiForCausalLM": config_dense.phi,
    "Phi3ForCausalLM": config_dense.phi3,
    "PhimoeForCausalLM": config_moe.phimoe,
    "PhiMoEForCausalLM": config_moe.phimoe,
    "OlmoForCausalLM": config_dense.olmo,
    "Olmo2ForCausalLM": config_dense.olmo2,
    "Olmo3ForCausalLM": config_dense.olmo2,
    "OlmoeForCausalLM": config_moe.olmoe,
    "DbrxForCausalLM": config_moe.dbrx,
    "Grok1ForCausalLM": config_moe.grok1,
    "Grok1ModelForCausalLM": config_moe.grok1,
}
"""Reader of each name a config's `architectures` may hold."""

MODEL_TYPES: Final[dict[str, str]] = {
    "llama": "LlamaForCausalLM",
    "llama4": "Llama4ForCausalLM",
    "llama4_text": "Llama4ForCausalLM",
    "mistral": "MistralForCausalLM",
    "mixtral": "MixtralForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen2_moe": "Qwen2MoeForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "qwen3_moe": "Qwen3MoeForCausalLM",
    "deepseek": "DeepseekForCausalLM",
    "deepseek_v2": "DeepseekV2ForCausalLM",
    "deepseek_v3": "DeepseekV3ForCausalLM",
    "kimi_k2": "KimiK2ForCausalLM",
    "glm4_moe": "Glm4MoeForCausalLM",
    "gpt_oss": "GptOssForCausalLM",
    "gemma": "GemmaForCausalLM",
    "gemma2": "Gemma2ForCausalLM",
    "gemma3": "Gemma3ForConditionalGeneration",
    "gemma3_text": "Gemma3ForCausalLM",
    "gpt2": "GPT2LMHeadModel",
    "gpt_bigcode": "GPTBigCodeForCausalLM",
    "opt": "OPTForCausalLM",
    "bloom": "BloomForCausalLM",
    "gpt_neox": "GPTNeoXForCausalLM",
    "falcon": "FalconForCausalLM",
    "RefinedWeb": "RWForCausalLM",
    "RefinedWebModel": "RWForCausalLM",
    "phi": "PhiForCausalLM",
    "phi3": "Phi3ForCausalLM",
    "phimoe": "PhimoeForCausalLM",
    "olmo": "OlmoForCausalLM",
    "olmo2": "Olmo2ForCausalLM",
    "olmo3": "Olmo3ForCausalLM",
    "olmoe": "OlmoeForCausalLM",
    "dbrx": "DbrxForCausalLM",
    "grok-1": "Grok1ForCausalLM",
    "grok1": "Grok1ForCausalLM",
}
"""`model_type` of a config that lists no `architectures`, or of a wrapper's language model."""
