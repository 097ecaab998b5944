using System.Text;

namespace CnnFast.Tests;

/// <summary>Damages a good file in many ways and watches its reader.</summary>
internal static class Damage
{
    private const long MaxAllocation = 16L << 20;

    /// <summary>Bytes that mean something to a header.</summary>
    private static readonly byte[] Telling = [0x00, 0x7F, 0xFF, .. "\"'{}[](),:0123456789-e\\"u8];

    /// <summary>
    /// Reads damaged copies, from streams with and without a known length. Each must be read or end in a <see cref="DataFormatException"/>
    /// of one sentence, without much memory; some must be rejected, or the damage does not reach the reader.
    /// </summary>
    public static void AssertReadOrRejected(byte[] good, int rounds, Action<Stream> read)
    {
        read(new MemoryStream(good));
        var random = new Random(20240601);
        int rejected = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] bad = Apply(random, good);
            using Stream stream = (round & 1) == 0 ? new MemoryStream(bad) : new ForwardOnlyStream(bad, 1 + random.Next(64));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(stream);
            }
            catch (DataFormatException rejection)
            {
                rejected++;
                Assert.EndsWith(".", rejection.Message, StringComparison.Ordinal);
                Assert.InRange(rejection.Message.Length, 20, 1000);
                Assert.DoesNotContain(rejection.Message, c => char.IsControl(c));
            }
            catch (Exception other)
            {
                Assert.Fail($"Round {round} gave {other.GetType()}: {other.Message} for {Convert.ToHexString(bad)} " +
                    $"({Encoding.Latin1.GetString(bad)})");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocation,
                $"Round {round} allocated {allocated} bytes; expected less than {MaxAllocation} for {Convert.ToHexString(bad)}");
        }

        Assert.InRange(rejected, rounds / 4, rounds);
    }

    private static byte[] Apply(Random random, byte[] good)
    {
        var bytes = new List<byte>(good);
        for (int damage = random.Next(1, 5); damage > 0; damage--)
        {
            // Most of what a reader believes stands at the beginning.
            int end = random.Next(3) == 0 ? bytes.Count : Math.Min(bytes.Count, 128);
            int at = end == 0 ? 0 : random.Next(end);
            switch (bytes.Count == 0 ? 5 : random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 9)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 33))));
                    break;
            }
        }

        return [.. bytes];
    }
}
