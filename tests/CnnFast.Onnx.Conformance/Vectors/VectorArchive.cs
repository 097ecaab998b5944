using System.Formats.Tar;
using System.IO.Compression;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>The vectors of ONNX 1.12 as packed into the test project (see vectors.NOTICE.txt).</summary>
internal static class VectorArchive
{
    private static readonly Lazy<IReadOnlyList<Vector>> s_all = new(Read);

    /// <summary>All vectors, in the order of their names.</summary>
    public static IReadOnlyList<Vector> All => s_all.Value;

    private static IReadOnlyList<Vector> Read()
    {
        var folders = new SortedDictionary<string, Dictionary<string, byte[]>>(StringComparer.Ordinal);
        using Stream packed = typeof(VectorArchive).Assembly.GetManifestResourceStream("vectors.tar.br")!;
        using var decoder = new BrotliStream(packed, CompressionMode.Decompress);
        using var reader = new TarReader(decoder);
        while (reader.GetNextEntry() is { } entry)
        {
            string[] parts = entry.Name.Split('/', 3);
            var bytes = new byte[entry.Length];
            entry.DataStream?.ReadExactly(bytes);
            string folder = $"{parts[0]}/{parts[1]}";
            if (!folders.TryGetValue(folder, out Dictionary<string, byte[]>? files))
                folders.Add(folder, files = []);
            files.Add(parts[2], bytes);
        }

        return [.. folders.Select(folder => new Vector(folder.Key, folder.Value))];
    }
}
