namespace CnnFast.Onnx.Tests.Reading;

/// <summary>
/// Damages files, the same way from the same seed: half of the mutants are the bytes flipped, cut, doubled and moved about, the other half
/// are well-formed messages whose fields were changed, dropped, doubled, moved and renumbered.
/// </summary>
internal sealed class ModelMutator(int seed)
{
    private const int MaxChanges = 3;

    private readonly Random _random = new(seed);

    /// <summary>The next mutant.</summary>
    /// <param name="original">The file, which is not changed.</param>
    public byte[] Mutate(byte[] original)
    {
        int changes = 1 + _random.Next(MaxChanges);
        if (_random.Next(2) == 0 && WireTree.Parse(original) is { } fields)
        {
            for (int i = 0; i < changes; i++)
                ChangeField(fields);
            return WireTree.Write(fields);
        }

        List<byte> bytes = [.. original];
        for (int i = 0; i < changes && bytes.Count > 0; i++)
            ChangeBytes(bytes);
        return [.. bytes];
    }

    private void ChangeField(List<WireTree> root)
    {
        List<WireTree> fields = root;
        while (fields.Count > 0)
        {
            int at = _random.Next(fields.Count);
            if (fields[at].Fields is { Count: > 0 } inner && _random.Next(5) != 0)
            {
                fields = inner;
                continue;
            }

            switch (_random.Next(5))
            {
                case 0:
                    fields[at] = fields[at].Changed(_random);
                    break;
                case 1:
                    fields.RemoveAt(at);
                    break;
                case 2:
                    fields.Insert(_random.Next(fields.Count + 1), fields[at]);
                    break;
                case 3:
                    int other = _random.Next(fields.Count);
                    (fields[at], fields[other]) = (fields[other], fields[at]);
                    break;
                default:
                    fields[at] = fields[at].Renumbered(1 + _random.Next(25));
                    break;
            }

            return;
        }
    }

    private void ChangeBytes(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count);
        int length = 1 + _random.Next(Math.Min(16, bytes.Count - at));
        switch (_random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                int other = _random.Next(bytes.Count);
                (bytes[at], bytes[other]) = (bytes[other], bytes[at]);
                break;
            default:
                // A number or a length of ten bytes: as large as one can be, or negative.
                bytes.RemoveAt(at);
                bytes.InsertRange(at, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)_random.Next(2)]);
                break;
        }
    }
}
