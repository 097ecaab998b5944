namespace CnnFast.Files;

/// <summary>What the header of a safetensors file says about one tensor; the range is that of its bytes in the data.</summary>
internal sealed record SafetensorsEntry(string Name, SafetensorsDType DType, Shape Shape, long Begin, long End);
