using System.Buffers.Binary;
using System.Text;
using CnnFast.Data;
using CnnFast.Files;

namespace CnnFast.Tests.Data;

/// <summary>CIFAR's binary files and NumPy arrays as data sets.</summary>
public sealed class FileDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cifar_10_is_read_in_the_order_of_pixels()
    {
        for (int i = 1; i <= 5; i++)
            _folder.Write($"data_batch_{i}.bin", [.. Record([(byte)i], 3), .. Record([9], i)]);
        _folder.Write("test_batch.bin", Record([7], 200));
        (ImageDataset train, ImageDataset test) = CifarDataset.LoadCifar10(_folder.FullPath);
        Assert.Null(train.ClassNames);
        Assert.Equal(new Shape(32, 32, 3), train.ImageShape);
        Assert.Equal([1, 9, 2, 9, 3, 9, 4, 9, 5, 9], train.Labels);
        Assert.Equal([7], test.Labels);
        ReadOnlySpan<byte> pixels = test.GetImageBytes(0);
        for (int i = 0; i < 1024; i++)
        {
            for (int c = 0; c < 3; c++)
                Assert.Equal((byte)(200 + i + (c * 7)), pixels[(i * 3) + c]);
        }
    }

    [Fact]
    public void Names_and_both_kinds_of_classes_of_Cifar_100_are_read()
    {
        _folder.Write("train.bin", [.. Record([19, 99], 1), .. Record([0, 3], 1)]);
        _folder.Write("test.bin", Record([2, 50], 1));
        string names = string.Join('\n', Enumerable.Range(0, 20).Select(i => $"kind_{i}"));
        _folder.Write("coarse_label_names.txt", Encoding.ASCII.GetBytes(names));
        Assert.Equal([99, 3], CifarDataset.LoadCifar100(_folder.FullPath).Train.Labels);
        (ImageDataset train, ImageDataset test) = CifarDataset.LoadCifar100(_folder.FullPath, coarse: true);
        Assert.Equal([19, 0], train.Labels);
        Assert.Equal("kind_2", test.ClassNames![2]);
    }

    [Fact]
    public void Damaged_files_of_Cifar_are_one_sentence()
    {
        Assert.Throws<DirectoryNotFoundException>(() => CifarDataset.LoadCifar10(_folder["none"]));
        Assert.Throws<FileNotFoundException>(() => CifarDataset.LoadCifar100(_folder.FullPath));
        string path = _folder.Write("train.bin", new byte[3000]);
        Assert.Equal($"'{path}' has 3000 bytes; expected whole records of 3074 bytes, at least one.",
            Assert.Throws<DataFormatException>(() => CifarDataset.LoadCifar100(_folder.FullPath)).Message);
        _folder.Write("train.bin", Record([0, 100], 1));
        Assert.Equal($"'{path}': the label of image 0 is 100; expected 0 to 99.",
            Assert.Throws<DataFormatException>(() => CifarDataset.LoadCifar100(_folder.FullPath)).Message);
    }

    [Fact]
    public void Files_of_Cifar_that_no_array_holds_are_one_sentence()
    {
        const long Length = 3073L * 200_000;
        for (int i = 1; i <= 5; i++)
        {
            using var file = new FileStream(_folder[$"data_batch_{i}.bin"], FileMode.Create);
            file.SetLength(Length);
        }

        Assert.Equal($"'{_folder["data_batch_1.bin"]}' and the 4 files after it have {5 * Length} bytes; " +
            $"expected at most {Array.MaxLength}.",
            Assert.Throws<DataFormatException>(() => CifarDataset.LoadCifar10(_folder.FullPath)).Message);
    }

    [Fact]
    public void Bytes_of_NumPy_are_images()
    {
        string x = Npy("x.npy", new Shape(2, 1, 2, 3), ElementType.UInt8, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        string y = Npy("y.npy", new Shape(2), ElementType.Int64, Int64(2, 0));
        var images = Assert.IsType<ImageDataset>(NpyDataset.Load(x, y));
        Assert.Equal((new Shape(1, 2, 3), 3), (images.ImageShape, images.Classes));
        Assert.Equal([2, 0], images.Labels);
        Assert.Equal(new byte[] { 7, 8, 9, 10, 11, 12 }, images.GetImageBytes(1));
        Assert.Equal(5, ((ImageDataset)NpyDataset.Load(x, y, 5)).Classes);
        string masks = Npy("m.npy", new Shape(2, 1, 2), ElementType.UInt8, [0, 1, 1, 0]);
        Assert.Equal([TargetInfo.Labels(new Shape(1, 2), 2)], NpyDataset.Load(x, masks).Targets);
        string grey = Npy("g.npy", new Shape(2, 1, 2), ElementType.UInt8, [0, 1, 1, 0]);
        Assert.Equal([new Shape(1, 2, 1)], NpyDataset.Load(grey, y).Inputs);
    }

    [Fact]
    public void Floats_of_NumPy_are_numbers()
    {
        NpyFile.Write(_folder["x.npy"], new Shape(3, 2), [1, 2, 3, 4, 5, 6]);
        NpyFile.Write(_folder["y.npy"], new Shape(3), [0.5f, 0.25f, 0]);
        IDataset data = NpyDataset.Load(_folder["x.npy"], _folder["y.npy"]);
        Assert.Equal(TargetInfo.Values(new Shape(1)), data.Targets[0]);
        using var loader = new BatchLoader(data, 3, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal([1f, 2, 3, 4, 5, 6], loader.Current.Input());
        Assert.Equal([0.5f, 0.25f, 0], loader.Current.Values());
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_one_sentence()
    {
        NpyFile.Write(_folder["x.npy"], new Shape(2, 2), [1, 2, float.NaN, 4]);
        string y = Npy("y.npy", new Shape(2), ElementType.Int64, Int64(2, -1));
        string three = Npy("three.npy", new Shape(3), ElementType.Int64, Int64(2, 1, 0));
        string good = Npy("good.npy", new Shape(2), ElementType.Int64, Int64(2, 1));
        Assert.Equal($"'{y}': label 1 is -1; expected 0 or more.", Message(y));
        Assert.Equal($"'{good}': label 0 is 2; expected 0 to 1.", Message(good, 2));
        Assert.Equal($"'{three}' has the shape [3]; expected the targets of 2 samples, as '{_folder["x.npy"]}' has the shape [2, 2].",
            Message(three));
        Assert.StartsWith($"'{_folder["x.npy"]}' with '{good}': ArrayDataset: an input of sample 1 is NaN (value 0 of 2); expected finite",
            Message(good), StringComparison.Ordinal);

        string Message(string targets, int classes = 0) =>
            Assert.Throws<DataFormatException>(() => NpyDataset.Load(_folder["x.npy"], targets, classes)).Message;
    }

    private string Npy(string name, Shape shape, ElementType type, byte[] bytes)
    {
        NpyFile.WriteElements(_folder[name], shape, type, bytes);
        return _folder[name];
    }

    private static byte[] Int64(params long[] values)
    {
        var bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        return bytes;
    }

    private static byte[] Record(byte[] labels, int start)
    {
        var record = new byte[labels.Length + 3072];
        labels.CopyTo(record, 0);
        for (int i = 0; i < 3072; i++)
            record[labels.Length + i] = (byte)(start + (i % 1024) + (i / 1024 * 7));
        return record;
    }
}
