// Makes tests/CnnFast.Onnx.Conformance/Vectors/vectors.tar.br from Debian's package of ONNX's test vectors:
//   apt-get download libonnx-testdata=1.12.0-2
//   dpkg-deb --fsys-tarfile libonnx-testdata_1.12.0-2_all.deb | dotnet run tools/pack-onnx-vectors.cs --
//   tests/CnnFast.Onnx.Conformance/Vectors/vectors.tar.br
using System.Formats.Tar;
using System.IO.Compression;

const string Root = "./usr/share/libonnx-testdata/data/";
string[] folders = ["node/", "pytorch-converted/", "pytorch-operator/", "simple/"];

var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
using (var reader = new TarReader(Console.OpenStandardInput()))
{
    while (reader.GetNextEntry(copyData: true) is { } entry)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            || !entry.Name.StartsWith(Root, StringComparison.Ordinal))
            continue;
        string name = entry.Name[Root.Length..];
        var bytes = new byte[entry.Length];
        entry.DataStream?.ReadExactly(bytes);
        // Pools over volumes are refused before they read anything, so the large tensors of their vectors are left out.
        bool volume = name.Contains("_3d_", StringComparison.Ordinal) && bytes.Length > 100_000;
        if (folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)) && !volume)
            files.Add(name, bytes);
    }
}

using var packed = new MemoryStream();
using (var encoder = new BrotliStream(packed, new BrotliCompressionOptions { Quality = 11 }, leaveOpen: true))
using (var writer = new TarWriter(encoder, TarEntryFormat.Ustar))
{
    foreach ((string name, byte[] bytes) in files)
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(bytes),
            ModificationTime = DateTimeOffset.UnixEpoch,
        });
}

File.WriteAllBytes(args[0], packed.ToArray());
Console.WriteLine($"{files.Count} files, {files.Values.Sum(bytes => (long)bytes.Length):N0} bytes, packed {packed.Length:N0}");
