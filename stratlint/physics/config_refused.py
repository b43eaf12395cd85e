"""Architectures that are known and not described: a report on them would be wrong, so the error says what stands against it."""

from __future__ import annotations

from typing import Final

_STATE = "no layer has attention: there is no KV cache to report"
_SHARED = "blocks that several layers share"
_ENCODER = "an encoder besides the decoder"
_PER_LAYER = "embeddings of every layer and layers that share their keys and values"

REFUSED: Final[dict[str, str]] = {
    "MambaForCausalLM": _STATE,
    "Mamba2ForCausalLM": _STATE,
    "FalconMambaForCausalLM": _STATE,
    "RwkvForCausalLM": _STATE,
    "xLSTMForCausalLM": _STATE,
    "ZambaForCausalLM": _SHARED,
    "Zamba2ForCausalLM": _SHARED,
    "RecurrentGemmaForCausalLM": "recurrent blocks with block-diagonal gates",
    "Gemma3nForCausalLM": _PER_LAYER,
    "Gemma3nForConditionalGeneration": _PER_LAYER,
    "Gemma4ForCausalLM": _PER_LAYER,
    "Gemma4ForConditionalGeneration": _PER_LAYER,
    "T5ForConditionalGeneration": _ENCODER,
    "MT5ForConditionalGeneration": _ENCODER,
    "BartForConditionalGeneration": _ENCODER,
    "WhisperForConditionalGeneration": _ENCODER,
    "BertForMaskedLM": "an encoder without a decoder",
    "DeepseekV4ForCausalLM": "compressed attention of several kinds and residual streams",
    "LongcatFlashForCausalLM": "two attentions and two dense FFNs beside the experts of each layer",
    "MiMoV2FlashForCausalLM": "KV heads that differ between layers, values narrower than keys",
    "LagunaForCausalLM": "query heads that differ between layers",
    "Step3p5ForCausalLM": "query heads that differ between layers",
    "Step3TextForCausalLM": "factorised attention",
    "BailingHybridForCausalLM": "linear attention of more than one generation",
    "OpenELMForCausalLM": "heads and widths that differ between layers",
    "DeciLMForCausalLM": "blocks that differ between layers",
    "MllamaForConditionalGeneration": "layers of cross-attention to images",
}
"""What each of them has that `Architecture` does not describe."""

REFUSED_TYPES: Final[dict[str, str]] = {
    "mamba": "MambaForCausalLM",
    "mamba2": "Mamba2ForCausalLM",
    "falcon_mamba": "FalconMambaForCausalLM",
    "rwkv": "RwkvForCausalLM",
    "xlstm": "xLSTMForCausalLM",
    "zamba": "ZambaForCausalLM",
    "zamba2": "Zamba2ForCausalLM",
    "recurrent_gemma": "RecurrentGemmaForCausalLM",
    "gemma3n": "Gemma3nForConditionalGeneration",
    "gemma3n_text": "Gemma3nForCausalLM",
    "gemma4": "Gemma4ForConditionalGeneration",
    "gemma4_text": "Gemma4ForCausalLM",
    "t5": "T5ForConditionalGeneration",
    "mt5": "MT5ForConditionalGeneration",
    "bart": "BartForConditionalGeneration",
    "whisper": "WhisperForConditionalGeneration",
    "bert": "BertForMaskedLM",
    "deepseek_v4": "DeepseekV4ForCausalLM",
    "longcat_flash": "LongcatFlashForCausalLM",
    "mimo_v2_flash": "MiMoV2FlashForCausalLM",
    "laguna": "LagunaForCausalLM",
    "step3p5": "Step3p5ForCausalLM",
    "step3_text": "Step3TextForCausalLM",
    "bailing_hybrid": "BailingHybridForCausalLM",
    "openelm": "OpenELMForCausalLM",
    "nemotron-nas": "DeciLMForCausalLM",
    "mllama": "MllamaForConditionalGeneration",
    "mllama_text_model": "MllamaForConditionalGeneration",
}
"""The same by `model_type`."""
