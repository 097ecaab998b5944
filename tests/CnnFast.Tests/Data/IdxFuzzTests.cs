using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class IdxFuzzTests
{
    [Fact]
    public void Thousands_of_damaged_plain_files_are_read_or_rejected_in_words() =>
        Damage.AssertReadOrRejected(IdxBytes.Images(4, 3, 5), 10_000, Read);

    [Fact]
    public void Thousands_of_damaged_gzip_files_are_read_or_rejected_in_words() =>
        Damage.AssertReadOrRejected(IdxBytes.Gzip(IdxBytes.Images(7, 9, 5)), 10_000, Read);

    private static void Read(Stream stream)
    {
        using var reader = new IdxReader(stream, "x", 3);
        reader.ReadAll();
    }
}
