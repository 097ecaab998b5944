namespace CnnFast.Files;

/// <summary>Tells ONNX files from model files by their first bytes. A file of protocol buffers has no signature of its own.</summary>
internal static class OnnxSignature
{
    private const byte IrVersionTag = 0x08;

    /// <summary>Whether a file looks like an ONNX model; where it cannot go back to its start, by its name alone.</summary>
    /// <param name="file">The file, at its start, where it is left.</param>
    /// <param name="path">Its name.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsOnnx(FileStream file, string path)
    {
        bool isNamedSo = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        if (!file.CanSeek)
            return isNamedSo;
        Span<byte> start = stackalloc byte[9];
        int found = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;

        // A safetensors file starts with the length of its header, which is short, and the brace that opens it; an ONNX
        // file most often with its version.
        bool isSafetensors = found == start.Length && start[8] == (byte)'{' && start[4..8].IndexOfAnyExcept((byte)0) < 0;
        bool isVersion = found > 1 && start[0] == IrVersionTag && start[1] is > 0 and < 32
            && !path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        return !isSafetensors && (isNamedSo || isVersion);
    }
}
