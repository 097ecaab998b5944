using System.Buffers.Binary;
using CnnFast.Data;

namespace CnnFast.Cli.Tests;

/// <summary>A data set of a few embedded digits in a folder of four IDX files.</summary>
internal static class SmallData
{
    public const int TrainCount = 96;
    public const int TestCount = 20;

    /// <summary>Writes the four files and returns the folder.</summary>
    public static string Write(TemporaryFolder folder)
    {
        TrainTestDatasets digits = DigitDataset.LoadEmbedded();
        Write(folder, "train", digits.Train.Take(TrainCount));
        Write(folder, "t10k", digits.Test.Take(TestCount));
        return folder.Path;
    }

    private static void Write(TemporaryFolder folder, string part, ImageDataset data)
    {
        using var images = new MemoryStream();
        for (int i = 0; i < data.Count; i++)
            images.Write(data.GetImageBytes(i));
        folder.Write($"{part}-images-idx3-ubyte", Idx(images.ToArray(), data.Count, data.H, data.W));
        folder.Write($"{part}-labels-idx1-ubyte", Idx([.. data.Labels.ToArray().Select(label => (byte)label)], data.Count));
    }

    /// <summary>An IDX file of bytes with any sizes in its header.</summary>
    public static byte[] Idx(ReadOnlySpan<byte> content, params int[] sizes)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        header[2] = 0x08;
        header[3] = (byte)sizes.Length;
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        return [.. header, .. content];
    }
}
