using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class IdxReaderTests
{
    private static readonly byte[] Images = IdxBytes.Images(3, 2, 5);

    private static byte[] ReadAll(byte[] file, int rank = 3)
    {
        using var reader = new IdxReader(new MemoryStream(file), "x", rank);
        byte[] all = reader.ReadAll();
        using var forward = new IdxReader(new ForwardOnlyStream(file), "x", rank);
        Assert.Equal(all, forward.ReadAll());
        return all;
    }

    private static void AssertRejected(string message, byte[] file, int rank = 3)
    {
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => ReadWhole(new MemoryStream(file))).Message);
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => ReadWhole(new ForwardOnlyStream(file))).Message);

        void ReadWhole(Stream stream)
        {
            using var reader = new IdxReader(stream, "x", rank);
            reader.ReadAll();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_and_gzip_files_give_shape_and_elements(bool gzip)
    {
        byte[] file = gzip ? IdxBytes.Gzip(Images) : Images;
        using var reader = new IdxReader(new MemoryStream(file), "x", 3);
        Assert.Equal(new Shape(3, 2, 5), reader.Shape);
        Assert.Equal(30, reader.Remaining);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (byte)i), ReadAll(file));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Elements_come_in_any_portions(bool gzip)
    {
        using var reader = new IdxReader(new ForwardOnlyStream(gzip ? IdxBytes.Gzip(Images) : Images, 3), "x", 3);
        var all = new List<byte>();
        var portion = new byte[7];
        for (int read = reader.Read(portion); read > 0; read = reader.Read(portion))
        {
            all.AddRange(portion[..read]);
            Assert.Equal(30 - all.Count, reader.Remaining);
        }

        Assert.Equal(Images[16..], all);
    }

    [Fact]
    public void A_gzip_file_of_several_members_is_one_file()
    {
        byte[] file = [.. IdxBytes.Gzip(Images[..20]), .. IdxBytes.Gzip(Images[20..])];
        Assert.Equal(Images[16..], ReadAll(file));
    }

    [Fact]
    public void A_large_file_of_unknown_length_is_read_whole()
    {
        byte[] elements = new byte[5_000_000];
        new Random(1).NextBytes(elements);
        byte[] file = IdxBytes.Of(0x801, [5_000_000], elements);
        using var reader = new IdxReader(new ForwardOnlyStream(file, 100_000), "x", 1);
        Assert.True(elements.AsSpan().SequenceEqual(reader.ReadAll()));
    }

    [Fact]
    public void A_stream_is_closed_with_its_reader_unless_it_is_to_stay_open()
    {
        var owned = new MemoryStream(Images);
        new IdxReader(owned, "x", 3).Dispose();
        Assert.False(owned.CanRead);
        var kept = new MemoryStream(Images);
        new IdxReader(kept, "x", 3, leaveOpen: true).Dispose();
        Assert.True(kept.CanRead);
        var bad = new MemoryStream([1, 2, 3, 4]);
        Assert.Throws<DataFormatException>(() => new IdxReader(bad, "x", 3));
        Assert.False(bad.CanRead);
    }

    [Fact]
    public void Labels_in_place_of_images_are_rejected() => AssertRejected(
        "'x' starts with 0x00000801; expected 0x00000803, the magic number of IDX bytes in 3 dimensions.", IdxBytes.Labels(1, 2, 3));

    [Theory]
    [InlineData(0x00000D01u)]
    [InlineData(0x01000801u)]
    [InlineData(0x00010801u)]
    [InlineData(0x89504E47u)]
    public void Another_magic_number_is_rejected(uint magic) => AssertRejected(
        $"'x' starts with 0x{magic:X8}; expected 0x00000801, the magic number of IDX bytes in 1 dimension.", IdxBytes.Of(magic, [1], [0]),
        1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(15)]
    public void A_file_that_ends_in_its_header_is_rejected(int length) => AssertRejected(
        $"'x' ends after {length} bytes; expected an IDX header of 16 bytes.", Images[..length]);

    [Theory]
    [InlineData(0u)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    public void A_dimension_of_0_or_above_the_limit_is_rejected(uint dimension) => AssertRejected(
        $"'x' has a dimension 1 of {dimension}; expected 1 to 2147483647.", IdxBytes.Of(0x803, [1, dimension, 1], []));

    [Theory]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu, 0x7FFFFFFFu)]
    [InlineData(65536u, 65536u, 1u)]
    [InlineData(46341u, 1u, 46341u)]
    [InlineData(1u, 2147483592u, 1u)]
    public void Dimensions_whose_product_overflows_are_rejected(uint n, uint h, uint w) => AssertRejected(
        $"'x' has the dimensions [{n}, {h}, {w}]; expected at most 2147483591 elements, which one data set can hold.",
        IdxBytes.Of(0x803, [n, h, w], []));

    [Fact]
    public void A_truncated_file_is_rejected()
    {
        for (int length = 16; length < Images.Length; length++)
            AssertRejected($"'x' ends after {length - 16} of its elements; expected 30, as its header says [3, 2, 5].", Images[..length]);
    }

    [Fact]
    public void A_truncated_file_is_rejected_in_portions_too()
    {
        using var reader = new IdxReader(new MemoryStream(Images[..^1]), "x", 3);
        var half = new byte[15];
        Assert.Equal(15, reader.Read(half));
        Assert.Equal(
            "'x' ends after 29 of its elements; expected 30, as its header says [3, 2, 5].",
            Assert.Throws<DataFormatException>(() => reader.Read(half)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_after_the_last_element_are_rejected(bool gzip)
    {
        byte[] file = [.. Images, 0];
        AssertRejected("'x' goes on after its last element; expected the end after 30 elements, as its header says [3, 2, 5].",
            gzip ? IdxBytes.Gzip(file) : file);
    }

    [Fact]
    public void A_header_that_claims_gigabytes_costs_no_memory()
    {
        byte[] small = IdxBytes.Gzip(IdxBytes.Of(0x803, [2_000_000, 1000, 1], new byte[1000]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRejected("'x' ends after 1000 of its elements; expected 2000000000, as its header says [2000000, 1000, 1].", small);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_is_rejected()
    {
        byte[] file = IdxBytes.Gzip(Images);
        for (int length = 0; length < file.Length; length++)
        {
            using var stream = new MemoryStream(file[..length]);
            Assert.Throws<DataFormatException>(() => new IdxReader(stream, "x", 3).ReadAll());
        }
    }

    [Fact]
    public void A_gzip_file_without_its_checksum_is_rejected() => AssertRejected(
        "'x' does not end with the checksum and length of its gzip data: it is cut short or has bytes after them; expected an intact file.",
        IdxBytes.Gzip(Images)[..^8]);

    [Fact]
    public void A_gzip_file_with_a_wrong_checksum_is_rejected()
    {
        byte[] file = IdxBytes.Gzip(Images);
        file[^6] ^= 1;
        Assert.StartsWith(
            "'x' holds corrupt gzip data: it does not unpack",
            Assert.Throws<DataFormatException>(() => new IdxReader(new MemoryStream(file), "x", 3).ReadAll()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"There is no file '{folder["none"]}'; expected an IDX file.",
            Assert.Throws<FileNotFoundException>(() => IdxReader.Open(folder["none"], 1)).Message);
        Assert.Equal($"'{folder.FullPath}' is a folder; expected an IDX file.",
            Assert.Throws<UnauthorizedAccessException>(() => IdxReader.Open(folder.FullPath, 1)).Message);
    }

    [Fact]
    public void A_rank_of_0_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdxReader(new MemoryStream(Images), "x", 0));
}
