// Holds a log in a directory against what its leaves come to, with the fsck package of Tessera: none of it is ours.
//
// Usage: fsck <directory> <origin> <verifier key>
//
// Exits with 0 where the log is sound, with 1 where it is not and prints why, and otherwise where it could not be told.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

// A worker ends with the first tile it finds wrong, and with the last worker the check would wait for ever.
const workers = 1024

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: fsck <directory> <origin> <verifier key>")
		os.Exit(2)
	}
	verifier, err := note.NewVerifier(os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2], verifier); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func check(directory, origin string, verifier note.Verifier) (err error) {
	// It takes the bundles' entries without counting them.
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a bundle is too short: %v", fault)
		}
	}()
	files := client.FileFetcher{Root: directory}
	return fsck.New(origin, verifier, files, leafHashes, fsck.Opts{N: workers}).Check(context.Background())
}

func leafHashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, 0, len(entries.Entries))
	for _, entry := range entries.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}
