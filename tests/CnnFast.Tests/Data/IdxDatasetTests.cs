using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class IdxDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public IdxDatasetTests()
    {
        _folder.Write("train-images-idx3-ubyte", IdxBytes.Images(3, 2, 5));
        _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(0, 9, 4));
        _folder.Write("t10k-images-idx3-ubyte.gz", IdxBytes.Gzip(IdxBytes.Images(2, 2, 5)));
        _folder.Write("t10k-labels-idx1-ubyte.gz", IdxBytes.Gzip(IdxBytes.Labels(7, 8)));
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRejected(string message, int classes = 10) =>
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => IdxDataset.LoadFolder(_folder.FullPath, classes)).Message);

    [Fact]
    public void Plain_and_gzip_files_may_stand_together()
    {
        (ImageDataset train, ImageDataset test) = IdxDataset.LoadFolder(_folder.FullPath);
        Assert.Equal((3, 2, 5, 1, 10), (train.Count, train.H, train.W, train.C, train.Classes));
        Assert.Equal([0, 9, 4], train.Labels.ToArray());
        Assert.Equal([20, 21, 22, 23, 24, 25, 26, 27, 28, 29], train.GetImageBytes(2).ToArray());
        Assert.Equal([7, 8], test.Labels.ToArray());
    }

    [Fact]
    public void The_plain_file_wins_over_the_packed_one()
    {
        _folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Labels(1, 2));
        Assert.Equal([1, 2], IdxDataset.LoadFolder(_folder.FullPath).Test.Labels.ToArray());
    }

    [Fact]
    public void Missing_files_are_listed_with_both_of_their_names()
    {
        File.Delete(_folder["train-labels-idx1-ubyte"]);
        File.Delete(_folder["t10k-images-idx3-ubyte.gz"]);
        Assert.Equal(
            $"The folder '{_folder.FullPath}' lacks 'train-labels-idx1-ubyte' or 'train-labels-idx1-ubyte.gz', " +
                "'t10k-images-idx3-ubyte' or 't10k-images-idx3-ubyte.gz'; expected the four IDX files of a data set.",
            Assert.Throws<FileNotFoundException>(() => IdxDataset.LoadFolder(_folder.FullPath)).Message);
    }

    [Fact]
    public void A_missing_folder_is_named() => Assert.Equal(
        $"There is no folder '{_folder["none"]}'; expected one that holds train-images-idx3-ubyte, train-labels-idx1-ubyte, " +
            "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or .gz.",
        Assert.Throws<DirectoryNotFoundException>(() => IdxDataset.LoadFolder(_folder["none"])).Message);

    [Fact]
    public void Fewer_labels_than_images_are_rejected()
    {
        _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(0, 1));
        AssertRejected($"'{_folder["train-images-idx3-ubyte"]}' holds 3 images but '{_folder["train-labels-idx1-ubyte"]}' holds 2 " +
            "labels; expected as many labels as images.");
    }

    [Fact]
    public void A_label_out_of_range_is_rejected() =>
        AssertRejected($"'{_folder["train-labels-idx1-ubyte"]}': label 1 is 9; expected 0 to 8, as there are 9 classes.", classes: 9);

    [Fact]
    public void Test_images_of_another_size_are_rejected()
    {
        _folder.Write("t10k-images-idx3-ubyte.gz", IdxBytes.Gzip(IdxBytes.Images(2, 5, 2)));
        AssertRejected($"'{_folder["t10k-images-idx3-ubyte.gz"]}' holds images of 5×2; expected 2×5, the size of the training images.");
    }

    [Fact]
    public void Corrupt_gzip_data_is_rejected_by_name()
    {
        byte[] packed = IdxBytes.Gzip(IdxBytes.Labels(7, 8));
        packed[^7] ^= 0x55;
        string path = _folder.Write("t10k-labels-idx1-ubyte.gz", packed);
        Assert.StartsWith($"'{path}' holds corrupt gzip data",
            Assert.Throws<DataFormatException>(() => IdxDataset.LoadFolder(_folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_closed_after_an_error()
    {
        _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(0, 1));
        Assert.Throws<DataFormatException>(() => IdxDataset.LoadFolder(_folder.FullPath));
        using FileStream exclusive = new(_folder["train-images-idx3-ubyte"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.True(exclusive.CanWrite);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void An_impossible_number_of_classes_is_rejected(int classes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IdxDataset.LoadFolder(_folder.FullPath, classes));
}
